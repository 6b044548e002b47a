import { describe, expect, test } from 'vitest'
import { all, plant, recordRun, treeOf, without } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import { loadFilter } from '../filter/load.ts'
import { filterOptions } from '../options/common/filter.ts'
import type { FilterValues } from '../options/common/filter.ts'
import { resolveOptions } from '../options/resolve.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { deleteFiles } from './delete.ts'
import { rmdirs } from './rmdirs.ts'
import { walk } from './walk.ts'
import type { WalkOptions } from './walk.ts'

const tree = { 'r/a.jpg': '1', 'r/b.txt': '22', 'r/d/c.jpg': '333', 'r/d/e/f.txt': '4444', 'r/.skip': '' }

async function filterOf(values: Partial<FilterValues>, list = ''): Promise<Filter> {
  return await loadFilter(
    { ...resolveOptions(filterOptions, []), ...values },
    {
      readFile: () => Promise.resolve(Buffer.from(list)),
      readStandardInput: () => Promise.resolve(new Uint8Array()),
      now: Date.now,
      log: recordRun().ctx.log,
    },
  )
}

/** A planted remote and the directories of it that were listed. */
async function planted(): Promise<{ remote: Remote; listed: string[] }> {
  const inner = createMemoryRemote()
  await plant(inner, tree)
  const listed: string[] = []
  const noted = (dir: string): void => void listed.push(dir)
  const remote: Remote = {
    ...inner,
    list(dir, o) {
      noted(dir)
      return inner.list(dir, o)
    },
    listAll(dir, o) {
      noted(`all of ${dir}`)
      return inner.listAll?.(dir, o) ?? expect.fail('no recursive listing')
    },
  }
  return { remote, listed }
}

async function walked(values: Partial<FilterValues>, o: WalkOptions & { readonly list?: string } = {}) {
  const { remote, listed } = await planted()
  const filter = await filterOf(values, o.list)
  const pages = await all(walk(recordRun().ctx, { remote, path: 'r' }, { ...o, filter }))
  return { paths: pages.flat().map(({ path }) => path), listed, pages }
}

describe('a walk with a filter', () => {
  test('rules for files alone leave the recursive listing', async () => {
    const { paths, listed } = await walked({ exclude: ['*.jpg'] })
    expect(paths.toSorted()).toEqual(['r/.skip', 'r/b.txt', 'r/d', 'r/d/e', 'r/d/e/f.txt'])
    expect(listed).toEqual(['all of r'])
  })

  test('a directory that is kept out is not listed', async () => {
    const { paths, listed } = await walked({ include: ['/*.jpg'] })
    expect(paths).toEqual(['r/a.jpg'])
    expect(listed).toEqual(['r'])
  })

  test('a marker leaves out its directory, and the root', async () => {
    expect((await walked({ excludeIfPresent: ['c.jpg'] })).paths).toEqual(['r/.skip', 'r/a.jpg', 'r/b.txt'])
    const root = await walked({ excludeIfPresent: ['.skip'] })
    expect([root.paths, root.listed]).toEqual([[], []])
  })

  test('sizes count for files alone', async () => {
    expect((await walked({ minSize: 3 })).paths.toSorted()).toEqual(['r/d', 'r/d/c.jpg', 'r/d/e', 'r/d/e/f.txt'])
  })

  test('named files are looked up without a listing, and those that are missing passed over', async () => {
    const list = 'd/e/f.txt\nb.txt\nnone\nd\n'
    const { pages, listed } = await walked({ filesFrom: ['list'] }, { list })
    expect(pages.map((page) => page.map(({ path }) => path).join()).toSorted()).toEqual([
      'r/b.txt,r/d',
      'r/d/e',
      'r/d/e/f.txt',
    ])
    expect(listed).toEqual([])
    expect((await walked({ filesFrom: ['list'] }, { list, maxDepth: 1 })).paths).toEqual(['r/b.txt', 'r/d'])
  })

  test('metadata is asked for where a rule speaks of it', async () => {
    const { remote } = await planted()
    const withMode: Remote = {
      ...remote,
      metadata: ({ path }) => Promise.resolve({ mode: path.endsWith('.jpg') ? '100600' : '100644' }),
    }
    const filter = await filterOf({ metadataInclude: ['mode=100600'] })
    const files = async (asked: Remote) =>
      (await all(walk(recordRun().ctx, { remote: asked, path: 'r' }, { filter })))
        .flat()
        .filter(({ kind }) => kind === 'file')
        .map(({ path }) => path)
        .toSorted()
    expect(await files(withMode)).toEqual(['r/a.jpg', 'r/d/c.jpg'])
    await expect(files(without(remote, 'metadata'))).rejects.toMatchObject({ code: 'unsupported' })
  })

  test('deletes no more than it lets through', async () => {
    const { remote } = await planted()
    await deleteFiles(recordRun().ctx, { remote, path: 'r' }, { filter: await filterOf({ include: ['*.jpg'] }) })
    expect(Object.keys(await treeOf(remote))).toEqual(expect.arrayContaining(['r/b.txt', 'r/d/e/f.txt', 'r/.skip']))
    expect(Object.keys(await treeOf(remote)).filter((path) => path.endsWith('.jpg'))).toEqual([])
  })
})

test('rmdirs leaves alone what lies below a marker, and fails at what only seems empty', async () => {
  const remote = createMemoryRemote()
  await plant(remote, { 'r/marked/.skip': '', 'r/marked/deep/empty/': '', 'r/free/empty/': '' })
  const filter = await filterOf({ excludeIfPresent: ['.skip'] })
  const run = recordRun()
  await expect(rmdirs(run.ctx, { remote, path: 'r' }, { filter })).rejects.toMatchObject({ code: 'not-empty' })
  expect(run.lines().filter((line) => line.startsWith('ERROR'))).toHaveLength(1)
  await rmdirs(recordRun().ctx, { remote, path: 'r' }, { filter, leaveRoot: true })
  expect(Object.keys(await treeOf(remote))).toEqual([
    'r/',
    'r/marked/',
    'r/marked/.skip',
    'r/marked/deep/',
    'r/marked/deep/empty/',
  ])
})

test('files of a list in a place that is not there are an error', async () => {
  const filter = await filterOf({ filesFrom: ['list'] }, 'a\n')
  const walking = all(walk(recordRun().ctx, { remote: createMemoryRemote(), path: 'nosuch' }, { filter }))
  await expect(walking).rejects.toMatchObject({ code: 'dir-not-found' })
})

test('what cannot be looked at is no error where it is left out', async () => {
  const { remote } = await planted()
  const blind: Remote = {
    ...remote,
    async *list(dir, o) {
      o?.onError?.(new StorageError('permission', 'may not be looked at', { details: { path: `${dir}/x.jpg` } }))
      yield* remote.list(dir, o)
    },
  }
  const seen = (...exclude: string[]) =>
    filterOf({ exclude }).then((filter) =>
      all(walk(recordRun().ctx, { remote: blind, path: 'r' }, { filter, recursiveListing: false })),
    )
  await expect(seen('*.jpg', '*.jpg/**')).resolves.toBeDefined()
  await expect(seen('*.jpg')).rejects.toThrow('may not be looked at')
  await expect(seen('*.txt')).rejects.toThrow('may not be looked at')
})

test('a directory that may have a marker is told of, and left out alone', async () => {
  const { remote } = await planted()
  const blind: Remote = {
    ...remote,
    stat: async (path, o) => {
      if (path === 'r/d/.none') throw new StorageError('permission', 'may not be looked at', { details: { path } })
      return await remote.stat(path, o)
    },
  }
  const filter = await filterOf({ excludeIfPresent: ['.none'] })
  const found: string[] = []
  const walking = (async () => {
    for await (const page of walk(recordRun().ctx, { remote: blind, path: 'r' }, { filter }))
      found.push(...page.map(({ path }) => path))
  })()
  await expect(walking).rejects.toThrow('may not be looked at')
  expect(found).toEqual(['r/.skip', 'r/a.jpg', 'r/b.txt'])
})

test('no metadata is asked for where no rule speaks of it', async () => {
  const { remote } = await planted()
  const asked: string[] = []
  const counting: Remote = {
    ...remote,
    metadata: (entry, o) => (asked.push(entry.path), remote.metadata?.(entry, o) ?? expect.fail('no metadata')),
  }
  const filter = await filterOf({ excludeIfPresent: ['.none'] })
  expect(await all(walk(recordRun().ctx, { remote: counting, path: 'r' }, { filter }))).toHaveLength(3)
  expect(asked).toEqual([])
})

test('what a filter has chosen for deletion stays where it has changed since', async () => {
  const { remote } = await planted()
  const gate = async (): Promise<'do'> => (await plant(remote, { 'r/b.txt': 'longer than before' }), 'do')
  const place = { remote, path: 'r' }
  await expect(
    deleteFiles(recordRun().ctx, place, { gate, filter: await filterOf({ maxSize: 2, exclude: ['.*', '*.jpg'] }) }),
  ).rejects.toThrow('failed to delete 1 files')
  expect(await treeOf(remote, 'r')).toMatchObject({ 'r/b.txt': 'longer than before' })
  await deleteFiles(recordRun().ctx, place, { gate })
  expect(await remote.stat('r/b.txt')).toBeUndefined()
})
