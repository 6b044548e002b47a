import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import { silent } from '../core/context.ts'
import type { Remote } from '../core/remote.ts'
import { parseRfc3339 } from '../core/time.ts'
import type { Filter } from '../filter/filter.ts'
import { loadFilter } from '../filter/load.ts'
import { dryRunGate } from '../operations/gate.ts'
import type { FilterValues } from '../options/common/filter.ts'
import { filterOptions } from '../options/common/filter.ts'
import { resolveOptions } from '../options/resolve.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { loadNameTransform } from '../transform/name-transform.ts'
import { check } from './check.ts'
import { copyDir, copyFile } from './copy.ts'
import { moveDir, moveFile } from './move.ts'
import type { MoveOptions, SyncOptions } from './options.ts'
import { syncDir } from './sync.ts'

const time = parseRfc3339('2021-04-05T06:07:08Z') ?? 0n

async function sides(source: Record<string, string>, dest: Record<string, string> = {}, caseInsensitive = false) {
  const [from, to] = [createMemoryRemote({ name: 'from' }), createMemoryRemote({ name: 'to', caseInsensitive })]
  await plant(from, source, time)
  await plant(to, dest, time)
  return { from, to }
}

async function filterOf(values: Partial<FilterValues>, list = ''): Promise<Filter> {
  const all: FilterValues = { ...resolveOptions(filterOptions, []), ...values }
  const read = () => Promise.resolve(Buffer.from(list))
  return await loadFilter(all, { readFile: read, readStandardInput: read, now: () => Date.now(), log: silent })
}

type Job = typeof copyDir | typeof syncDir | typeof moveDir

async function run(
  job: Job,
  { from, to }: { readonly from: Remote; readonly to: Remote },
  transforms: readonly string[],
  o: MoveOptions & SyncOptions = {},
) {
  const recorded = recordRun()
  const nameTransform = await loadNameTransform(transforms, time)
  const [source, dest] = [
    { remote: from, path: 's' },
    { remote: to, path: 'd' },
  ]
  const error = await job(recorded.ctx, source, dest, { ...o, nameTransform }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { ...recorded, error, tree: await filesOf(to), transferred: recorded.of('transfer-done').length }
}

/** Files by path, directories left out. */
async function filesOf(remote: Remote): Promise<Record<string, string>> {
  return Object.fromEntries(Object.entries(await treeOf(remote)).filter(([path]) => !path.endsWith('/')))
}

describe('copying under other names', () => {
  test('files alone, directories alone, or both get them, in the order given', async () => {
    const source = { 's/a.txt': 'a', 's/sub/b.txt': 'b' }
    const at = async (...transforms: string[]) =>
      Object.keys((await run(copyDir, await sides(source), transforms)).tree).toSorted()
    expect(await at('prefix=p_')).toEqual(['d/p_a.txt', 'd/sub/p_b.txt'])
    expect(await at('dir,prefix=p_')).toEqual(['d/a.txt', 'd/p_sub/b.txt'])
    expect(await at('all,uppercase', 'suffix=.x')).toEqual(['d/A.TXT.x', 'd/SUB/B.TXT.x'])
    expect(await at('prefix=p_', 'trimprefix=p_')).toEqual(['d/a.txt', 'd/sub/b.txt'])
  })

  test.each([{}, { noTraverse: true }, { fastList: true }, { checkFirst: true }, { orderBy: 'name,desc' }])(
    'a second run finds what the first has made, with %o',
    async (o) => {
      const both = await sides({ 's/a': 'a', 's/sub/b': 'b', 's/sub/deep/c': 'c' })
      expect(await run(copyDir, both, ['all,suffix=.x'], o)).toMatchObject({ error: undefined, transferred: 3 })
      expect(await run(copyDir, both, ['all,suffix=.x'], o)).toMatchObject({ error: undefined, transferred: 0 })
      await plant(both.from, { 's/sub/b': 'changed' }, time)
      expect(await run(copyDir, both, ['all,suffix=.x'], o)).toMatchObject({
        transferred: 1,
        tree: { 'd/a.x': 'a', 'd/sub.x/b.x': 'changed', 'd/sub.x/deep.x/c.x': 'c' },
      })
    },
  )

  test('the log names the source and says where it went; a dry run changes nothing', async () => {
    const both = await sides({ 's/sub/a': 'a' })
    expect((await run(copyDir, both, ['all,prefix=p_'])).lines()).toContain('INFO sub/a: Copied (new) to: p_sub/p_a')
    const dry = recordRun()
    const again = await run(copyDir, await sides({ 's/a': 'a' }), ['uppercase'], { gate: dryRunGate(dry.ctx.log) })
    expect(again.tree).toEqual({})
    expect(dry.lines()).toEqual(['NOTICE a: Skipped copy as --dry-run is set (size 1)'])
  })

  test('a name that cannot be made is an error that names the path; the rest is done', async () => {
    const both = await sides({ 's/a-b': '1', 's/ok': '2', 's/sub-dir/c': '3', 's/deep/x-y': '4' })
    const { error, tree, lines } = await run(copyDir, both, ['all,replace=-:/'])
    expect(error).toMatchObject({ code: 'invalid-name', retry: 'never' })
    expect(tree).toEqual({ 'd/ok': '2' })
    expect(lines()).toEqual(
      expect.arrayContaining([
        'ERROR a-b: Failed to transform: transform cannot add path separators: a/b',
        'ERROR sub-dir: Failed to transform: transform cannot add path separators: sub/dir',
        'ERROR deep/x-y: Failed to transform: transform cannot add path separators: x/y',
      ]),
    )
    const empty = await run(copyDir, await sides({ 's/x': '1', 's/y': '2' }), ['trimprefix=x'])
    expect(empty.tree).toEqual({ 'd/y': '2' })
    const up = await run(copyDir, await sides({ 's/d/x..': '1' }), ['trimprefix=x'])
    expect(up).toMatchObject({ error: { code: 'invalid-name' }, tree: {} })
  })

  test('two names that become one: the first is transferred, the other an error', async () => {
    const both = await sides({ 's/ab': 'first', 's/ac': 'second', 's/dir1/x': 'x1', 's/dir2/x': 'x2' })
    const o = ['truncate=1', 'dir,truncate=3']
    const { error, tree, lines } = await run(copyDir, both, o)
    expect(error).toMatchObject({ code: 'exists', retry: 'never' })
    expect(tree).toEqual({ 'd/a': 'first', 'd/dir/x': 'x1' })
    expect(lines()).toContain('ERROR ac: Left out: the source also has "ab", which is the same name in the destination')
    expect(await run(copyDir, both, o)).toMatchObject({ tree, transferred: 0 })
    const skipping = await run(copyDir, both, o, { nameCollisions: 'skip' })
    expect(skipping).toMatchObject({ error: undefined, tree })
  })

  test('a file and a directory that become one name are no reason to lose either', async () => {
    const both = await sides({ 's/xf': 'file', 's/xd/a': 'a' }, { 'd/x/old': 'old' })
    const { error, tree } = await run(syncDir, both, ['truncate=1', 'dir,truncate=1'])
    expect(error).toBeDefined()
    expect(tree).toEqual({ 'd/x/old': 'old', 'd/x/a': 'a' })
  })

  test('where the destination ignores case, the new names are matched so', async () => {
    const both = await sides({ 's/sub/a': 'a' }, { 'd/SUB/A.X': 'a', 'd/SUB/extra': 'e' }, true)
    expect(await run(syncDir, both, ['suffix=.x'])).toMatchObject({ tree: { 'd/SUB/A.X': 'a' }, transferred: 0 })
    const fixed = await run(syncDir, both, ['suffix=.x'], { fixCase: true })
    expect(fixed.tree).toEqual({ 'd/sub/a.x': 'a' })
    expect((await run(syncDir, both, ['suffix=.x'], { fixCase: true })).lines()).toEqual([
      'INFO There was nothing to transfer',
    ])
  })

  test('--compare-dest and --copy-dest are looked at under the new names', async () => {
    const both = await sides({ 's/sub/a': 'a', 's/b': 'b' }, { 'old/p_sub/p_a': 'a', 'old/b': 'b' })
    const old = { remote: both.to, path: 'old' }
    expect((await run(copyDir, both, ['all,prefix=p_'], { compareDest: [old] })).tree).toEqual({
      'd/p_b': 'b',
      'old/p_sub/p_a': 'a',
      'old/b': 'b',
    })
  })

  test('directories get the times of theirs in the source', async () => {
    const both = await sides({ 's/sub/a': 'a' })
    await both.from.setTimes?.({ kind: 'dir', path: 's/sub' }, { modified: time })
    const first = await run(copyDir, both, ['all,prefix=p_'])
    expect(first.lines()).toContain('INFO p_sub: Set directory modification time (using DirSetModTime)')
    expect(await both.to.stat('d/p_sub')).toMatchObject({ modified: time })
    expect((await run(copyDir, both, ['all,prefix=p_'])).lines()).toEqual(['INFO There was nothing to transfer'])
  })

  test('empty directories are made under their new names', async () => {
    const both = await sides({ 's/empty/': '', 's/full/a': 'a' })
    await run(copyDir, both, ['dir,uppercase'], { createEmptySrcDirs: true })
    expect(Object.keys(await treeOf(both.to, 'd')).toSorted()).toEqual(['d/EMPTY/', 'd/FULL/', 'd/FULL/a'])
  })
})

describe('filters hold for the names in the source', () => {
  test('what stands for an included entry is found, whatever it is called', async () => {
    const both = await sides({ 's/a.jpg': 'a', 's/b.png': 'b' })
    const o = { filter: await filterOf({ include: ['*.jpg'] }) }
    expect(await run(copyDir, both, ['suffix=.x'], o)).toMatchObject({ tree: { 'd/a.jpg.x': 'a' }, transferred: 1 })
    expect(await run(copyDir, both, ['suffix=.x'], o)).toMatchObject({ transferred: 0 })
  })

  test('sync leaves alone what stands for an excluded entry, and what is excluded by its own name', async () => {
    const source = { 's/a': 'a', 's/secret': 's', 's/private/x': 'x' }
    const dest = { 'd/p_secret': 's', 'd/p_private/x': 'x', 'd/p_gone': 'g', 'd/secret': 'own', 'd/p_a': 'a' }
    const both = await sides(source, dest)
    const values = { exclude: ['secret', '/private/**'] }
    const o = { filter: await filterOf(values) }
    const { error, tree } = await run(syncDir, both, ['all,prefix=p_'], o)
    expect(error).toBeUndefined()
    expect(tree).toEqual({ 'd/p_a': 'a', 'd/p_secret': 's', 'd/p_private/x': 'x', 'd/secret': 'own' })
    const excluded = { filter: await filterOf({ ...values, deleteExcluded: true }) }
    expect((await run(syncDir, both, ['all,prefix=p_'], excluded)).tree).toEqual({ 'd/p_a': 'a' })
  })

  test('a marked directory is left alone under its new name', async () => {
    const source = { 's/in/.no': '', 's/in/a': 'a', 's/out/b': 'b' }
    const both = await sides(source, { 'd/p_in/old': 'o', 'd/p_out/c': 'c' })
    const o = { filter: await filterOf({ excludeIfPresent: ['.no'] }) }
    const { tree } = await run(syncDir, both, ['dir,prefix=p_'], o)
    expect(tree).toEqual({ 'd/p_in/old': 'o', 'd/p_out/b': 'b' })
  })

  test('the files of a list are looked up under their new names, and nothing else is deleted', async () => {
    const both = await sides({ 's/a': 'a', 's/sub/b': 'b', 's/c': 'c' }, { 'd/a': 'other', 'd/p_c': 'old c' })
    const o = { filter: await filterOf({ filesFrom: ['list'] }, 'a\nsub/b\nmissing\n') }
    const tree = { 'd/a': 'other', 'd/p_c': 'old c', 'd/p_a': 'a', 'd/p_sub/p_b': 'b' }
    expect(await run(syncDir, both, ['all,prefix=p_'], o)).toMatchObject({ error: undefined, tree, transferred: 2 })
    expect(await run(syncDir, both, ['all,prefix=p_'], o)).toMatchObject({ error: undefined, tree, transferred: 0 })
  })
})

describe('sync', () => {
  const before = { 'd/a': 'old name', 'd/p_a': 'a', 'd/p_sub/gone': 'g', 'd/sub/b': 'old name' }

  test.each(['before', 'during', 'after'] as const)(
    'deletes %s what no name stands for any more',
    async (deleteMode) => {
      const both = await sides({ 's/a': 'a', 's/sub/b': 'b' }, before)
      const { tree, lines } = await run(syncDir, both, ['all,prefix=p_'], { deleteMode })
      expect(tree).toEqual({ 'd/p_a': 'a', 'd/p_sub/p_b': 'b' })
      expect(lines()).toContain('INFO p_sub/gone: Deleted')
      const again = await run(syncDir, both, ['all,prefix=p_'], { deleteMode })
      expect(again).toMatchObject({ tree, transferred: 0 })
      expect(again.of('deleted')).toEqual([])
    },
  )

  test('deletes nothing where a name could not be made', async () => {
    const both = await sides({ 's/a': 'a', 's/b-c': 'b' }, { 'd/extra': 'e' })
    const { error, tree, lines } = await run(syncDir, both, ['replace=-:/'])
    expect(error).toBeDefined()
    expect(tree).toEqual({ 'd/a': 'a', 'd/extra': 'e' })
    expect(lines()).toContain("ERROR memory root 'd': not deleting files as there were IO errors")
  })

  test('keeps the name that two of the source share', async () => {
    const both = await sides({ 's/ab': 'first', 's/ac': 'second' }, { 'd/a': 'first', 'd/extra': 'e' })
    const { error, tree } = await run(syncDir, both, ['truncate=1'])
    expect(error).toMatchObject({ code: 'exists' })
    expect(tree).toEqual({ 'd/a': 'first' })
  })

  test('what is deleted or overwritten goes into the backup under the name that it had', async () => {
    const both = await sides({ 's/sub/a': 'new' }, { 'd/p_sub/p_a': 'older', 'd/p_sub/gone': 'g' })
    const { error, tree } = await run(syncDir, both, ['all,prefix=p_'], { backupDir: { remote: both.to, path: 'old' } })
    expect(error).toBeUndefined()
    expect(tree).toEqual({ 'd/p_sub/p_a': 'new', 'old/p_sub/p_a': 'older', 'old/p_sub/gone': 'g' })
  })

  test.each(['hash', 'leaf', 'modtime,leaf'])('follows renamings to the new names by %s', async (strategy) => {
    const both = await sides({ 's/there/a': 'content' }, { 'd/p_here/p_a': 'content' })
    const o = { trackRenames: true, trackRenamesStrategy: strategy }
    const { tree, lines, transferred } = await run(syncDir, both, ['all,prefix=p_'], o)
    expect(tree).toEqual({ 'd/p_there/p_a': 'content' })
    expect(transferred).toBe(0)
    expect(lines()).toContain('INFO there/a: Renamed from "p_here/p_a"')
  })

  test('a destination that holds the source is refused, filter or not: its names could be any', async () => {
    const one = createMemoryRemote()
    await plant(one, { 'all/inner/sub/f': 'new', 'all/inner/f': 'old' }, time)
    const nameTransform = await loadNameTransform(['dir,replace=sub:inner'], time)
    const filter = await filterOf({ exclude: ['/inner/**'] })
    const [source, dest] = [
      { remote: one, path: 'all/inner' },
      { remote: one, path: 'all' },
    ]
    await expect(syncDir(recordRun().ctx, source, dest, { nameTransform, filter })).rejects.toThrow('overlapping')
    expect(await filesOf(one)).toEqual({ 'all/inner/sub/f': 'new', 'all/inner/f': 'old' })
  })
})

describe('move', () => {
  test('moves under the new names and leaves nothing but directories', async () => {
    const both = await sides({ 's/a': 'a', 's/sub/b': 'b' })
    expect((await run(moveDir, both, ['all,prefix=p_'])).tree).toEqual({ 'd/p_a': 'a', 'd/p_sub/p_b': 'b' })
    expect(await treeOf(both.from, 's')).toEqual({ 's/sub/': '' })
  })

  test('a whole directory of one account does not move at once under its old names', async () => {
    const one = createMemoryRemote()
    await plant(one, { 's/a': 'a', 's/sub/b': 'b' }, time)
    const { tree } = await run(moveDir, { from: one, to: one }, ['all,prefix=p_'], { deleteEmptySrcDirs: true })
    expect(tree).toEqual({ 'd/p_a': 'a', 'd/p_sub/p_b': 'b' })
  })

  test('of two that become one, the first arrives and both stay', async () => {
    const both = await sides({ 's/ab': 'first', 's/ac': 'second', 's/x/y': 'y' })
    const { error, tree } = await run(moveDir, both, ['truncate=1'])
    expect(error).toMatchObject({ code: 'exists' })
    expect(tree).toEqual({ 'd/a': 'first', 'd/x/y': 'y' })
    expect(await filesOf(both.from)).toEqual({ 's/ab': 'first', 's/ac': 'second' })
  })
})

describe('a single file', () => {
  const name = async (text: string) => ({ nameTransform: await loadNameTransform([text], time) })

  test('gets its new name, also that of copyto, and is found again', async () => {
    const both = await sides({ 's/a': 'a' })
    const [source, dest] = [
      { remote: both.from, path: 's', file: 'a' },
      { remote: both.to, path: 'd' },
    ]
    await copyFile(recordRun().ctx, source, dest, await name('prefix=p_'))
    await copyFile(recordRun().ctx, source, { ...dest, file: 'b' }, await name('prefix=p_'))
    expect(await filesOf(both.to)).toEqual({ 'd/p_a': 'a', 'd/p_b': 'a' })
    const again = recordRun()
    await copyFile(again.ctx, source, dest, await name('prefix=p_'))
    expect(again.of('transfer-done')).toEqual([])
    await check(recordRun().ctx, source, dest, await name('prefix=p_'))
    await moveFile(recordRun().ctx, source, dest, await name('all,uppercase'))
    expect(await filesOf(both.to)).toEqual({ 'd/p_a': 'a', 'd/p_b': 'a', 'd/A': 'a' })
    expect(await filesOf(both.from)).toEqual({})
  })

  test('that has no new name stays, and the log says so', async () => {
    const both = await sides({ 's/a': 'a' })
    const again = recordRun()
    const moving = moveFile(
      again.ctx,
      { remote: both.from, path: 's', file: 'a' },
      { remote: both.to, path: 'd' },
      await name('trimprefix=a'),
    )
    await expect(moving).rejects.toMatchObject({ code: 'invalid-name' })
    expect(again.lines()).toEqual(['ERROR a: Failed to transform: transform cannot render path segments empty'])
    expect(await filesOf(both.from)).toEqual({ 's/a': 'a' })
  })
})

test('check compares under the new names', async () => {
  const both = await sides({ 's/sub/a': 'a', 's/b': 'b' }, { 'd/P_sub/P_a': 'a' })
  const checked = recordRun()
  const nameTransform = await loadNameTransform(['all,prefix=P_'], time)
  const [source, dest] = [
    { remote: both.from, path: 's' },
    { remote: both.to, path: 'd' },
  ]
  await expect(check(checked.ctx, source, dest, { nameTransform })).rejects.toMatchObject({ code: 'corrupt' })
  expect(checked.lines()).toContain("ERROR b: file not in memory root 'd'")
  await plant(both.to, { 'd/P_b': 'b' }, time)
  await check(recordRun().ctx, source, dest, { nameTransform })
})
