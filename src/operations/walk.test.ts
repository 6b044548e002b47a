import { describe, expect, test } from 'vitest'
import { all, plant, recordRun } from '../../test/support/recorded-run.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import type { WalkOptions } from './walk.ts'
import { walk } from './walk.ts'

const tree = { 'r/b': '2', 'r/a': '1', 'r/d/y': '4', 'r/d/x': '3', 'r/d/e/z': '5', 'other/w': '6' }

async function planted(content: Readonly<Record<string, string>> = tree): Promise<Remote> {
  const remote = createMemoryRemote({ pageSize: 2 })
  await plant(remote, content)
  return remote
}

async function pathsOf(remote: Remote, o: WalkOptions = {}, run = recordRun()): Promise<string[][]> {
  const pages = await all(walk(run.ctx, { remote, path: 'r' }, o))
  return pages.map((page) => page.map(({ path }) => path))
}

/** A remote that cannot list `dir`. */
function refusing(remote: Remote, dir: string, error: StorageError): Remote {
  return {
    ...remote,
    async *list(path, o) {
      if (path === dir) throw error
      yield* remote.list(path, o)
    },
  }
}

describe('walking a tree', () => {
  test('gives the entries of a directory sorted and together', async () => {
    expect(await pathsOf(await planted(), { recursiveListing: false })).toEqual([
      ['r/a', 'r/b', 'r/d'],
      ['r/d/e', 'r/d/x', 'r/d/y'],
      ['r/d/e/z'],
    ])
  })

  test('sorts by code point, as rclone does', async () => {
    const remote = await planted({ 'r/\uFF0F': '', 'r/\u{1F600}': '', 'r/\u00FC': '', 'r/z': '' })
    expect(await pathsOf(remote, { recursiveListing: false })).toEqual([['r/z', 'r/\u00FC', 'r/\uFF0F', 'r/\u{1F600}']])
  })

  test('uses one recursive listing where there is one and the depth is not limited', async () => {
    const remote = await planted()
    const noList: Remote = { ...remote, list: () => expect.fail('listed one by one') }
    expect((await pathsOf(noList)).flat().toSorted()).toEqual([
      'r/a',
      'r/b',
      'r/d',
      'r/d/e',
      'r/d/e/z',
      'r/d/x',
      'r/d/y',
    ])
    const noListAll: Remote = { ...remote, listAll: () => expect.fail('listed at once') }
    expect(await pathsOf(noListAll, { maxDepth: 2 })).toHaveLength(2)
  })

  test.each([
    [-1, 7],
    [0, 7],
    [1, 3],
    [2, 6],
    [3, 7],
  ])('with depth %i gives %i entries', async (maxDepth, count) => {
    expect((await pathsOf(await planted(), { maxDepth })).flat()).toHaveLength(count)
  })

  test.each([true, false])('reports how much was listed (recursive: %s)', async (recursiveListing) => {
    const run = recordRun()
    await pathsOf(await planted(), { recursiveListing }, run)
    expect(run.of('listed').reduce((sum, { entries }) => sum + entries, 0)).toBe(7)
  })

  test.each([true, false])(
    'a missing directory is logged, reported and thrown, which counts two (recursive: %s)',
    async (r) => {
      const run = recordRun()
      const remote = createMemoryRemote()
      const thrown: unknown = await pathsOf(remote, { recursiveListing: r }, run).catch((error: unknown) => error)
      expect(thrown).toMatchObject({ code: 'dir-not-found', message: 'directory not found' })
      expect(run.lines()).toEqual(['ERROR error listing: directory not found'])
      expect(run.of('error')).toHaveLength(1)
      expect(run.of('error')[0]?.error).not.toBe(thrown)
    },
  )

  test('goes on without a directory that cannot be listed, and throws at the end', async () => {
    const run = recordRun()
    const remote = refusing(await planted(), 'r/d/e', new StorageError('permission', 'no entry'))
    const seen: string[] = []
    const read = async (): Promise<void> => {
      for await (const page of walk(run.ctx, { remote, path: 'r' }, { recursiveListing: false }))
        seen.push(...page.map(({ path }) => path))
    }
    await expect(read()).rejects.toMatchObject({ code: 'permission' })
    expect(seen).toHaveLength(6)
    expect(run.lines()).toEqual(['ERROR d/e: error listing: no entry'])
  })

  test('tells whoever asks to be told instead of the log', async () => {
    const run = recordRun()
    const told: string[] = []
    const remote = refusing(await planted(), 'r/d', new StorageError('permission', 'no entry'))
    const onError = (dir: string): void => {
      told.push(dir)
    }
    await expect(pathsOf(remote, { recursiveListing: false, onError }, run)).rejects.toMatchObject({
      code: 'permission',
    })
    expect(told).toEqual(['d'])
    expect(run.lines()).toEqual([])
    expect(run.of('error')).toEqual([])
  })

  test('an abort rejects with its reason and is not logged', async () => {
    const controller = new AbortController()
    const reason = new Error('interrupted')
    const run = recordRun({ signal: controller.signal })
    const remote = await planted()
    const aborting: Remote = {
      ...remote,
      async *list(path, o) {
        if (path === 'r/d') controller.abort(reason)
        yield* remote.list(path, o)
      },
    }
    await expect(pathsOf(aborting, { recursiveListing: false }, run)).rejects.toBe(reason)
    expect(run.lines()).toEqual([])
  })

  test('lists no more directories at once than the limit lets', async () => {
    let [running, most] = [0, 0]
    const names = Array.from({ length: 40 }, (_, i) => [`r/d${i}/f`, ''] as const)
    const remote = await planted(Object.fromEntries(names))
    const counting: Remote = {
      ...remote,
      async *list(path, o) {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setImmediate(resolve))
        yield* remote.list(path, o)
        running--
      },
    }
    await pathsOf(counting, { recursiveListing: false }, recordRun({ checkers: 5 }))
    expect(most).toBe(5)
  })
})
