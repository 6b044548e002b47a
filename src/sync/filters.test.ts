import { Buffer } from 'node:buffer'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import { silent } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { loadFilter } from '../filter/load.ts'
import type { Filter } from '../filter/filter.ts'
import type { FilterValues } from '../options/common/filter.ts'
import { filterOptions } from '../options/common/filter.ts'
import { resolveOptions } from '../options/resolve.ts'
import { createLocalRemote } from '../remotes/local/index.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyDir } from './copy.ts'
import type { SyncOptions } from './options.ts'
import { syncDir } from './sync.ts'

const tree = { a: '1', 'skip.me': '2', 'sub/b': '3', 'sub/.nobackup': '', 'sub/deep/c': '4', 'other/d': '5' }

async function filterOf(values: Partial<FilterValues>, list = ''): Promise<Filter> {
  const all: FilterValues = { ...resolveOptions(filterOptions, []), ...values }
  return await loadFilter(all, {
    readFile: () => Promise.resolve(Buffer.from(list)),
    readStandardInput: () => Promise.resolve(Buffer.from(list)),
    now: () => Date.now(),
    log: silent,
  })
}

async function sides(source: Record<string, string>, dest: Record<string, string> = {}) {
  const [from, to] = [createMemoryRemote(), createMemoryRemote()]
  await plant(from, source, 5_000_000_000n)
  await plant(to, dest, 5_000_000_000n)
  return { from, to }
}

function counting(remote: Remote): { readonly remote: Remote; readonly listed: string[] } {
  const listed: string[] = []
  const list: Remote['list'] = (dir, o) => (listed.push(dir), remote.list(dir, o))
  return { remote: { ...remote, list }, listed }
}

const files = async (remote: Remote): Promise<readonly string[]> =>
  Object.keys(await treeOf(remote))
    .filter((path) => !path.endsWith('/'))
    .toSorted()

describe('a filter on copy', () => {
  test('leaves out what it excludes and does not list what cannot match', async () => {
    const { from, to } = await sides(tree)
    const { remote, listed } = counting(from)
    const filter = await filterOf({ include: ['/sub/*'] })
    await copyDir(recordRun().ctx, { remote, path: '' }, { remote: to, path: '' }, { filter })
    expect(await files(to)).toEqual(['sub/.nobackup', 'sub/b'])
    expect(listed).toEqual(['', 'sub'])
  })

  test('looks the files of a list up and lists nothing', async () => {
    const { from, to } = await sides(tree)
    const [source, dest] = [counting(from), counting(to)]
    const filter = await filterOf({ filesFrom: ['list'] }, 'sub/deep/c\nsub/b\nmissing/x\nother\n')
    await copyDir(recordRun().ctx, { remote: source.remote, path: '' }, { remote: dest.remote, path: '' }, { filter })
    expect(await files(to)).toEqual(['sub/b', 'sub/deep/c'])
    expect([source.listed, dest.listed]).toEqual([[], []])
  })

  test('a list may have a name and what is below it', async () => {
    const { from, to } = await sides(tree)
    const filter = await filterOf({ filesFrom: ['list'] }, 'sub/deep/c\nsub/deep\nsub\na\n')
    await copyDir(recordRun().ctx, { remote: from, path: '' }, { remote: to, path: '' }, { filter })
    expect(await files(to)).toEqual(['a', 'sub/deep/c'])
  })

  test('a directory with a marker is left out, and so is a root', async () => {
    const { from, to } = await sides(tree)
    const filter = await filterOf({ excludeIfPresent: ['.nobackup'] })
    const o = { filter, createEmptySrcDirs: true }
    await copyDir(recordRun().ctx, { remote: from, path: '' }, { remote: to, path: '' }, o)
    expect(await treeOf(to)).toEqual({ a: '1', 'skip.me': '2', 'other/': '', 'other/d': '5' })
    await copyDir(recordRun().ctx, { remote: from, path: 'sub' }, { remote: to, path: 'again' }, o)
    expect(await to.stat('again')).toBeUndefined()
  })
})

/** Files of the names may not be looked at. */
function blindTo(remote: Remote, ...paths: readonly string[]): Remote {
  return {
    ...remote,
    stat: async (path, o) => {
      if (paths.includes(path)) throw new StorageError('permission', 'no entry', { details: { path } })
      return await remote.stat(path, o)
    },
  }
}

describe('a filter on sync', () => {
  const dest = { ...tree, old: 'x', 'old.me': 'y', 'gone/z': 'z' }

  test('leaves alone in the destination what it excludes', async () => {
    const { from, to } = await sides(tree, dest)
    const filter = await filterOf({ exclude: ['*.me', 'gone/**'] })
    await syncDir(recordRun().ctx, { remote: from, path: '' }, { remote: to, path: '' }, { filter })
    expect(await files(to)).toEqual([...Object.keys(tree), 'gone/z', 'old.me'].toSorted())
  })

  test('deletes it too where that is asked for', async () => {
    const { from, to } = await sides(tree, dest)
    const filter = await filterOf({ exclude: ['*.me', 'sub/**'], deleteExcluded: true })
    await syncDir(recordRun().ctx, { remote: from, path: '' }, { remote: to, path: '' }, { filter })
    expect(await files(to)).toEqual(['a', 'other/d'])
  })

  test('never what is deleted is the source or the backup itself', async () => {
    const { to } = await sides({}, { 'in/a': '1', 'in/b.raw': '2', 'old/c': '3', d: '4' })
    const [all, inner, old] = ['', 'in', 'old'].map((path) => ({ remote: to, path }))
    const other = { remote: (await sides({ d: 'newer' })).from, path: '' }
    if (!all || !inner || !old) throw new Error('there are three')
    const filter = await filterOf({ exclude: ['/in/**', '/old/**', '*.raw'], deleteExcluded: true })
    const fatal = { code: 'fatal' }
    await expect(syncDir(recordRun().ctx, inner, all, { filter })).rejects.toMatchObject(fatal)
    await expect(syncDir(recordRun().ctx, other, all, { filter, backupDir: old })).rejects.toMatchObject(fatal)
    expect(await files(to)).toEqual(['d', 'in/a', 'in/b.raw', 'old/c'])
    await syncDir(recordRun().ctx, all, inner, { filter })
    expect(await files(to)).toEqual(['d', 'in/d', 'old/c'])
  })

  test('a directory that a marker leaves out of the source stays in the destination', async () => {
    const without = { a: '1', 'sub/old': 'only here' }
    const { from, to } = await sides(tree, without)
    const filter = await filterOf({ excludeIfPresent: ['.nobackup'] })
    await syncDir(recordRun().ctx, { remote: from, path: '' }, { remote: to, path: '' }, { filter })
    expect(await files(to)).toEqual(['a', 'other/d', 'skip.me', 'sub/old'])
  })

  test.each([
    ['source', 'sub: error reading source directory'],
    ['destination', 'sub: error reading destination directory'],
  ])('a directory of the %s that may have a marker is left out on both sides, and told of', async (side, text) => {
    const { from, to } = await sides({ a: '1', 'sub/b': 'new' }, { 'sub/b': 'old', 'sub/old': 'x', gone: 'y' })
    const [source, place] =
      side === 'source' ? [blindTo(from, 'sub/.nobackup'), to] : [from, blindTo(to, 'sub/.nobackup')]
    const filter = await filterOf({ excludeIfPresent: ['.nobackup'] })
    const { ctx, lines } = recordRun()
    const run = syncDir(ctx, { remote: source, path: '' }, { remote: place, path: '' }, { filter })
    await expect(run).rejects.toThrow('no entry')
    expect(lines()).toContain(`ERROR ${text}: no entry`)
    expect(await treeOf(to)).toEqual({ a: '1', gone: 'y', 'sub/': '', 'sub/b': 'old', 'sub/old': 'x' })
  })

  test('a root that may have a marker is an error, and nothing is done', async () => {
    const { from, to } = await sides({ a: '1' }, { b: '2' })
    const filter = await filterOf({ excludeIfPresent: ['.nobackup'] })
    for (const [source, place] of [
      [blindTo(from, '.nobackup'), to],
      [from, blindTo(to, '.nobackup')],
    ] as const) {
      const run = syncDir(recordRun().ctx, { remote: source, path: '' }, { remote: place, path: '' }, { filter })
      await expect(run).rejects.toBeDefined()
    }
    expect(await files(to)).toEqual(['b'])
  })

  test.each([
    ['a directory', ''],
    ['the root', 'sub'],
  ])('%s that only the destination marks is copied to, and nothing in it is deleted', async (_, path) => {
    const { from, to } = await sides(
      { 'sub/b': 'new', 'sub/deep/c': 'new' },
      { 'sub/.nobackup': '', 'sub/b': 'older', 'sub/deep/c': 'older', 'sub/deep/d': 'x', 'sub/old': 'x' },
    )
    const filter = await filterOf({ excludeIfPresent: ['.nobackup'] })
    const sync = (o: SyncOptions) =>
      syncDir(recordRun().ctx, { remote: from, path }, { remote: to, path }, { ...o, filter })
    await sync({ ignoreExisting: true })
    expect(await treeOf(to, 'sub')).toMatchObject({ 'sub/b': 'older', 'sub/deep/c': 'older' })
    await sync({ suffix: '.bak' })
    expect(await treeOf(to, 'sub')).toEqual({
      'sub/.nobackup': '',
      'sub/b': 'new',
      'sub/b.bak': 'older',
      'sub/deep/': '',
      'sub/deep/c': 'new',
      'sub/deep/c.bak': 'older',
      'sub/deep/d': 'x',
      'sub/old': 'x',
    })
  })

  test.each([
    [{}, 'new content'],
    [{ update: true }, 'new content'],
    [{ ignoreExisting: true }, 'old'],
  ])('a file whose size or age hides it in the destination alone is there all the same: %o', async (o, content) => {
    const { from } = await sides({ a: 'new content' })
    const dir = mkdtempSync(join(tmpdir(), 'fjord-hidden-'))
    writeFileSync(join(dir, 'a'), 'old')
    utimesSync(join(dir, 'a'), 1, 1)
    writeFileSync(join(dir, 'b'), 'b')
    const filter = await filterOf({ minSize: 5 })
    const disk = { remote: createLocalRemote(), path: dir.slice(1) }
    await syncDir(recordRun().ctx, { remote: from, path: '' }, disk, { ...o, filter })
    expect([readFileSync(join(dir, 'a'), 'utf8'), readdirSync(dir)]).toEqual([content, ['a', 'b']])
    rmSync(dir, { recursive: true })
  })

  test.each([
    ['a link that leads nowhere', 'not-found', { b: '2' }, { exclude: ['*.me'] }, ['a']],
    ['what may be a directory', 'permission', { b: '2' }, { exclude: ['*.me'] }, ['a', 'b']],
    ['what may be a directory that is left out too', 'permission', { b: '2' }, { exclude: ['*.me', '*.me/**'] }, ['a']],
    [
      'a link that may have led to a directory',
      'not-found',
      { 'x.me/b': '2' },
      { include: ['a', 'b'] },
      ['a', 'x.me/b'],
    ],
  ] as const)('%s, left out as a file, cannot be looked at', async (_, code, there, rules, left) => {
    const { from, to } = await sides({ a: '1' }, there)
    const blind: Remote = {
      ...from,
      async *list(dir, o) {
        o?.onError?.(new StorageError(code, 'may not be looked at', { details: { path: 'x.me' } }))
        yield* from.list(dir, o)
      },
    }
    const filter = await filterOf(rules)
    const { ctx, lines } = recordRun()
    await syncDir(ctx, { remote: blind, path: '' }, { remote: to, path: '' }, { filter }).catch(() => undefined)
    expect(await files(to)).toEqual(left)
    expect(lines().includes('ERROR x.me: Listing error: may not be looked at')).toBe(left.length > 1)
  })

  test('what it leaves out of a disk stays in the destination under its new name', async () => {
    const { to } = await sides({}, { 'x_a.txt': '1', 'x_b.jpg': '2' })
    const dir = mkdtempSync(join(tmpdir(), 'fjord-left-'))
    for (const name of ['a.txt', 'b.jpg']) writeFileSync(join(dir, name), name)
    const source = { remote: createLocalRemote(), path: dir.slice(1) }
    const nameTransform = (name: string) => Promise.resolve(`x_${name}`)
    const filter = await filterOf({ exclude: ['/a.txt'] })
    await syncDir(recordRun().ctx, source, { remote: to, path: '' }, { filter, nameTransform })
    expect(await treeOf(to)).toEqual({ 'x_a.txt': '1', 'x_b.jpg': 'b.jpg' })
    rmSync(dir, { recursive: true })
  })

  test('deletes of the listed files only', async () => {
    const { from, to } = await sides(tree, dest)
    const filter = await filterOf({ filesFrom: ['list'] }, 'a\nold\n')
    await syncDir(recordRun().ctx, { remote: from, path: '' }, { remote: to, path: '' }, { filter })
    expect(await files(to)).toEqual(
      Object.keys(dest)
        .filter((path) => path !== 'old')
        .toSorted(),
    )
  })
})
