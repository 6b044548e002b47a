import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordRun } from '../../test/support/recorded-run.ts'
import type { Writers } from '../core/remembered.ts'
import type { Remote, WriteOptions } from '../core/remote.ts'
import { sourceFromBytes } from '../core/source.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { openState } from '../state/open.ts'
import type { SyncOptions } from './options.ts'
import { syncDir } from './sync.ts'

const modified = 5_000_000_000n
const killed: Writers = { arrive: () => undefined, leftAlone: () => true }

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-partials-'))
  mkdirSync(join(dir, 'out'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** A remote with one file, whose content comes slowly; `onWait` is called meanwhile. */
async function serving(content: Uint8Array, onWait: () => void = () => undefined): Promise<Remote> {
  const memory = createMemoryRemote()
  await memory.write('src/file', sourceFromBytes(content, { modified }))
  return {
    ...memory,
    async open(path, o) {
      const reader = await memory.open(path, o)
      return {
        ...reader,
        async *stream() {
          yield content.subarray(0, 1)
          await setTimeout(30)
          onWait()
          yield content.subarray(1)
        },
        [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
      }
    },
  }
}

function disk(): Remote {
  const { unfinished } = openState(join(dir, 'state'), Date.now)
  const remote = createLocalRemote({ remembered: { unfinished, writers: killed } })
  return {
    ...remote,
    async remove(path, o) {
      await setTimeout(10) // when a transfer beside it has begun
      await remote.remove(path, o)
    },
  }
}

/** The name under which the file is written at first: what a run leaves whose process is killed. */
async function partialName(content: Uint8Array): Promise<string> {
  let seen: readonly string[] = []
  const from = await serving(content, () => (seen = readdirSync(join(dir, 'out'))))
  await sync(from, disk())
  rmSync(join(dir, 'out/file'))
  return seen[0] ?? ''
}

async function sync(from: Remote, to: Remote, o: SyncOptions = {}) {
  const run = recordRun()
  await syncDir(run.ctx, { remote: from, path: 'src' }, { remote: to, path: join(dir, 'out').slice(1) }, o)
  return run
}

describe('what a killed run has left under a temporary name', () => {
  test.each<[string, (disk: Remote) => SyncOptions]>([
    ['delete-before', () => ({ deleteMode: 'before' })],
    ['delete-during', () => ({ deleteMode: 'during' })],
    ['delete-after', () => ({ deleteMode: 'after' })],
    ['delete-before and a suffix', () => ({ deleteMode: 'before', suffix: '.bak' })],
    ['a backup directory', (remote) => ({ backupDir: { remote, path: join(dir, 'backup').slice(1) } })],
    [
      'a backup directory, deleting meanwhile',
      (remote) => ({ backupDir: { remote, path: join(dir, 'backup').slice(1) }, deleteMode: 'during' }),
    ],
  ])('is used by a sync with %s, is no error, and is not kept', async (_, options) => {
    const content = new Uint8Array(2 << 20)
    const partial = await partialName(content)
    expect(partial).toMatch(/^file\.[0-9a-f]{8}\.partial$/)
    writeFileSync(join(dir, 'out', partial), 'half')
    const to = disk()
    const run = await sync(await serving(content), to, options(to))
    expect(run.lines().filter((line) => line.startsWith('ERROR'))).toEqual([])
    expect(readdirSync(join(dir, 'out'))).toEqual(['file'])
    expect(readdirSync(dir)).not.toContain('backup')
  })

  test('counts as one more that is deleted, also where the others went before', async () => {
    const content = new Uint8Array(2 << 20)
    const partial = await partialName(content)
    for (const deleteMode of ['before', 'during', 'after'] as const) {
      writeFileSync(join(dir, 'out', partial), 'half')
      writeFileSync(join(dir, 'out/extra'), '')
      const changed = await serving(new Uint8Array((2 << 20) + 1))
      await expect(sync(changed, disk(), { deleteMode, maxDelete: 1 })).rejects.toMatchObject({ code: 'delete-limit' })
      expect(readdirSync(join(dir, 'out'))).toEqual(['file', partial])
      rmSync(join(dir, 'out/file'))
    }
  })

  test('is not taken for a file that was renamed, though it is whole', async () => {
    const content = new Uint8Array(2 << 20)
    writeFileSync(join(dir, 'out', await partialName(content)), content)
    await sync(await serving(content), disk(), { trackRenames: true })
    expect(readdirSync(join(dir, 'out'))).toEqual(['file'])
    expect(statSync(join(dir, 'out/file')).mtimeMs).toBe(5000)
  })

  test('goes, where it is of a file that has changed since', async () => {
    const partial = await partialName(new Uint8Array(2 << 20))
    for (const deleteMode of ['before', 'during', 'after'] as const) {
      writeFileSync(join(dir, 'out', partial), 'half')
      await sync(await serving(new Uint8Array((2 << 20) + 1)), disk(), { deleteMode })
      expect(readdirSync(join(dir, 'out'))).toEqual(['file'])
    }
  })
})

test.each<[string, (remote: Remote) => SyncOptions, boolean]>([
  ['without a backup', () => ({}), true],
  ['with --backup-dir', (remote) => ({ backupDir: { remote, path: 'backup' } }), false],
  ['with --suffix', () => ({ suffix: '.bak' }), false],
])(
  '--inplace %s: half a file under its name never gets into the backup over an older version',
  async (_, options, inPlace) => {
    const from = await serving(Buffer.from('new'))
    const to = createMemoryRemote()
    await to.write('dst/file', sourceFromBytes(Buffer.from('older'), { modified }))
    const asked: (WriteOptions['partial'] | undefined)[] = []
    const watched: Remote = {
      ...to,
      write(path, source, o) {
        asked.push(o?.partial)
        return to.write(path, source, o)
      },
    }
    const run = recordRun()
    const dest = { remote: watched, path: 'dst' }
    await syncDir(run.ctx, { remote: from, path: 'src' }, dest, { ...options(watched), inplace: true })
    expect(asked).toMatchObject([{ inPlace }])
  },
)
