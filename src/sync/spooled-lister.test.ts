import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import type { Entry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import { parent } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { createSpooledLister } from './spooled-lister.ts'
import { syncDir } from './sync.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fjord-spool-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function listing(entries: readonly Entry[], pageSize = 3): Remote {
  return {
    ...createMemoryRemote(),
    async *listAll() {
      for (let at = 0; at < entries.length; at += pageSize) yield entries.slice(at, at + pageSize)
    },
  }
}

test('gives every directory whole and sorted, in whatever order the listing came', async () => {
  const names = fc.stringMatching(/^[a-c\u{1F600}\uE000]{1,3}$/u)
  const path = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const file = fc.record({
    path,
    size: fc.nat(),
    modified: fc.bigInt(),
    created: fc.option(fc.bigInt(), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(file, { selector: (one) => one.path, maxLength: 30 }), async (files) => {
      const entries: Entry[] = files.map((one) => ({ kind: 'file', hashes: { md5: 'x' }, ...one }))
      const spooled = createSpooledLister(
        recordRun().ctx,
        { remote: listing(entries), path: '' },
        { tempDir: dir, onEntryError: undefined },
      )
      for (const folder of new Set(entries.map((entry) => parent(entry.path)))) {
        const expected = entries.filter((entry) => parent(entry.path) === folder)
        const found = await spooled.list(folder)
        expect(found.map((entry) => entry.path)).toEqual(
          expected.map((entry) => entry.path).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        )
        for (const entry of expected)
          expect(found).toContainEqual(
            JSON.parse(
              JSON.stringify(entry, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)),
              (_, v: unknown) => (typeof v === 'string' && /^-?\d+n$/.test(v) ? BigInt(v.slice(0, -1)) : v),
            ),
          )
      }
      spooled.close()
    }),
    { numRuns: 30 },
  )
  expect(readdirSync(dir)).toEqual([])
})

describe('a sync with --fast-list', () => {
  const o = () => ({ fastList: true, tempDir: dir })

  test('does what one without does, and leaves nothing behind', async () => {
    const [from, to] = [createMemoryRemote(), createMemoryRemote()]
    await plant(from, { 'src/a': '1', 'src/b/c': '2', 'src/b/d/e': '3' }, 5n)
    await plant(to, { 'dst/a': '1', 'dst/b/old': 'x', 'dst/gone/y': 'y' }, 5n)
    await syncDir(recordRun().ctx, { remote: from, path: 'src' }, { remote: to, path: 'dst' }, o())
    expect(await treeOf(to, 'dst')).toEqual({
      'dst/a': '1',
      'dst/b/': '',
      'dst/b/c': '2',
      'dst/b/d/': '',
      'dst/b/d/e': '3',
    })
    expect(readdirSync(dir)).toEqual([])
  })

  test('leaves nothing behind when it is killed', async () => {
    const spooled = createSpooledLister(
      recordRun().ctx,
      { remote: listing([{ kind: 'dir', path: 'a' }]), path: '' },
      { tempDir: dir, onEntryError: undefined },
    )
    expect(await spooled.list('')).toHaveLength(1)
    expect(readdirSync(dir)).toEqual([])
    spooled.close()
  })

  test('says where the listing cannot be kept, and how it can', async () => {
    const remote = createMemoryRemote()
    await plant(remote, { 'src/a': '1' }, 5n)
    const places = [
      { remote, path: 'src' },
      { remote, path: 'dst' },
    ] as const
    const run = syncDir(recordRun().ctx, ...places, { fastList: true, tempDir: join(dir, 'no') })
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining(`the listing cannot be kept in ${join(dir, 'no')}`),
      details: { hint: expect.stringContaining('--temp-dir') },
    })
  })

  test('deletes nothing when a recursive listing fails after half', async () => {
    const [from, to] = [createMemoryRemote({ pageSize: 1 }), createMemoryRemote()]
    await plant(from, { 'src/a': '1', 'src/b': '2' }, 5n)
    await plant(to, { 'dst/a': '1', 'dst/b': '2', 'dst/c': '3' }, 5n)
    const broken: Remote = {
      ...from,
      async *listAll(...args) {
        for await (const page of from.listAll?.(...args) ?? []) {
          yield page
          throw new StorageError('network', 'cut off', { retry: 'given-up' })
        }
      },
    }
    const run = syncDir(recordRun().ctx, { remote: broken, path: 'src' }, { remote: to, path: 'dst' }, o())
    await expect(run).rejects.toThrow('cut off')
    expect(Object.keys(await treeOf(to, 'dst'))).toEqual(['dst/a', 'dst/b', 'dst/c'])
    expect(readdirSync(dir)).toEqual([])
  })
})
