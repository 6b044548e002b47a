import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import type { Remote } from '../core/remote.ts'
import { second } from '../core/time.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { dedupeByHash } from './dedupe.ts'
import type { DedupeMode } from './dedupe.ts'
import { dryRunGate } from './gate.ts'

async function deduped(mode: DedupeMode, dry = false) {
  const remote = createMemoryRemote()
  await plant(remote, { b: 'same', 'd/c': 'other' }, 2n * second)
  await plant(remote, { a: 'same' }, 3n * second)
  await plant(remote, { 'd/e': 'same' }, 1n * second)
  const run = recordRun()
  const found: string[] = []
  await dedupeByHash(
    run.ctx,
    { remote, path: '' },
    {
      mode,
      onDuplicates: (_, files) => found.push(...files.map(({ shown }) => shown)),
      gate: dry ? dryRunGate(run.ctx.log) : undefined,
    },
  )
  const left = Object.keys(await treeOf(remote)).filter((path) => !path.endsWith('/'))
  return { left: left.toSorted(), found, lines: run.lines() }
}

describe('dedupe by hash', () => {
  test.each<readonly [DedupeMode, string]>([
    ['first', 'a'],
    ['newest', 'a'],
    ['oldest', 'd/e'],
    ['largest', 'a'],
    ['smallest', 'a'],
  ])('%s keeps %s and what is alone', async (mode, kept) => {
    expect((await deduped(mode)).left).toEqual([kept, 'd/c'].toSorted())
  })

  test('list and skip delete nothing', async () => {
    expect(await deduped('list')).toMatchObject({ found: ['a', 'b', 'd/e'], left: ['a', 'b', 'd/c', 'd/e'] })
    const { left, lines } = await deduped('skip')
    expect(left).toHaveLength(4)
    expect(lines).toContainEqual(
      expect.stringMatching(/^NOTICE [\da-f]{32}: Skipping 3 files with duplicate md5 hashes$/),
    )
  })

  test('a file that is reached by two paths is no copy of itself', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'fjord-dedupe-'))
    mkdirSync(join(dir, 'photos'))
    writeFileSync(join(dir, 'photos/real'), 'only one')
    symlinkSync('photos', join(dir, 'a'))
    symlinkSync('photos/real', join(dir, 'b'))
    const remote = createLocalRemote({ copyLinks: true })
    await dedupeByHash(recordRun().ctx, { remote, path: dir.slice(1) }, { mode: 'first' })
    expect(readFileSync(join(dir, 'b'), 'utf8')).toBe('only one')
    rmSync(dir, { recursive: true })
  })

  test('another name of a file is no copy of it: it might be a second mount of its directory', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'fjord-dedupe-'))
    writeFileSync(join(dir, 'a'), 'only one')
    linkSync(join(dir, 'a'), join(dir, 'b'))
    writeFileSync(join(dir, 'c'), 'only one')
    await dedupeByHash(recordRun().ctx, { remote: createLocalRemote(), path: dir.slice(1) }, { mode: 'first' })
    expect(readdirSync(dir)).toEqual(['a', 'b'])
    rmSync(dir, { recursive: true })
  })

  test.each(['a', 'b'])(
    'where %s changes after it was hashed, nothing of the old content is lost',
    async (changing) => {
      const inner = createMemoryRemote()
      await plant(inner, { a: 'same', b: 'same' }, second)
      const remote: Remote = {
        ...inner,
        async stat(path, o) {
          await plant(inner, { [changing]: 'another content' })
          return await inner.stat(path, o)
        },
      }
      const deduping = dedupeByHash(recordRun().ctx, { remote, path: '' }, { mode: 'first' })
      await expect(deduping).rejects.toMatchObject({ code: 'changed' })
      expect(await treeOf(inner)).toEqual({ a: 'same', b: 'same', [changing]: 'another content' })
    },
  )

  test('a dry run says what it would delete', async () => {
    const { left, lines } = await deduped('first', true)
    expect(left).toHaveLength(4)
    expect(lines).toContain('NOTICE b: Skipped delete as --dry-run is set (size 4)')
  })
})
