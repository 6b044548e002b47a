import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import type { Context } from '../core/context.ts'
import type { Location } from '../core/remote.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { copyDir, copyFile } from './copy.ts'
import { moveDir, moveFile } from './move.ts'
import type { OutcomeListener } from './outcome.ts'
import { syncDir } from './sync.ts'

const signs = { match: '=', differ: '*', 'missing-on-src': '-', 'missing-on-dst': '+', error: '!', after: '>' } as const

type Tree = Readonly<Record<string, string>>

/** What is told of a run: a sign and a path each, sorted; `>` for what is there afterwards. */
async function told(
  { src, dst, other = {} }: { readonly src: Tree; readonly dst: Tree; readonly other?: Tree },
  work: (
    ctx: Context,
    places: { readonly src: Location; readonly dst: Location; readonly other: Location },
    onOutcome: OutcomeListener,
  ) => Promise<void>,
) {
  const [from, to] = [createMemoryRemote({ name: 'from' }), createMemoryRemote({ name: 'to' })]
  await plant(from, src, 1n)
  for (const [dir, tree] of Object.entries({ dst, other })) {
    await to.mkdir(dir)
    for (const [path, content] of Object.entries(tree)) await plant(to, { [`${dir}/${path}`]: content }, 1n)
  }
  const seen: string[] = []
  const places = {
    src: { remote: from, path: '' },
    dst: { remote: to, path: 'dst' },
    other: { remote: to, path: 'other' },
  }
  const error = await work(recordRun().ctx, places, ({ kind, path }) => void seen.push(`${signs[kind]} ${path}`)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { seen: seen.toSorted(), error, left: await treeOf(to, 'dst') }
}

describe('what is told of a file', () => {
  test('is under the name that the destination has', async () => {
    const composed = 'ü'
    const trees = { src: { a: 'new!', [composed]: 'one' }, dst: { b: 'old', [composed.normalize('NFD')]: 'other' } }
    const one = await told(trees, (ctx, { src, dst }, onOutcome) =>
      copyFile(ctx, { ...src, file: 'a' }, { ...dst, file: 'b' }, { onOutcome }),
    )
    expect(one.seen).toEqual(['* b', '> b'])
    const all = await told(trees, (ctx, { src, dst }, onOutcome) => copyDir(ctx, src, dst, { onOutcome }))
    expect(all.seen).toContain(`* ${composed.normalize('NFD')}`)
  })

  test('that is alone and goes away, or is replaced where there is a backup, is a second thing', async () => {
    const moved = await told({ src: { a: 'a' }, dst: { a: 'a' } }, (ctx, { src, dst }, onOutcome) =>
      moveFile(ctx, { ...src, file: 'a' }, { ...dst, file: 'a' }, { onOutcome }),
    )
    expect(moved.seen).toEqual(['* a', '= a', '> a'])
    const replaced = await told({ src: { a: 'new!' }, dst: { a: 'a' } }, (ctx, { src, dst }, onOutcome) =>
      copyFile(ctx, { ...src, file: 'a' }, { ...dst, file: 'a' }, { onOutcome, suffix: '.bak' }),
    )
    expect(replaced.seen).toEqual(['* a', '+ a', '> a'])
  })

  test('that a move only deletes is an error too, but not where all goes in an order', async () => {
    const trees = { src: { a: 'a' }, dst: { a: 'a' } }
    const move = (o: { readonly checkFirst?: boolean; readonly orderBy?: string }) =>
      told(trees, (ctx, { src, dst }, onOutcome) => moveDir(ctx, src, dst, { ...o, onOutcome }))
    expect((await move({})).seen).toEqual(['! a', '= a', '> a'])
    expect((await move({ checkFirst: true })).seen).toEqual(['! a', '= a', '> a'])
    expect((await move({ checkFirst: true, orderBy: 'name' })).seen).toEqual(['= a', '> a'])
  })

  test('that is looked for elsewhere is what it was found to be here, and there', async () => {
    const trees = {
      src: { found: 'x', other: 'x', new: 'x', changed: 'new' },
      dst: { changed: 'old!' },
      other: { found: 'x', other: 'yy', changed: 'new' },
    }
    const { seen, left } = await told(trees, (ctx, { src, dst, other }, onOutcome) =>
      copyDir(ctx, src, dst, { compareDest: [other], onOutcome }),
    )
    const found = ['* changed', '= changed', '+ found', '= found']
    expect(seen.filter((line) => !line.startsWith('>'))).toEqual([...found, '* other', '+ other', '+ new'].toSorted())
    expect(left).toEqual({ 'dst/changed': 'old!', 'dst/new': 'x', 'dst/other': 'x' })
  })

  test('that has a directory of its name elsewhere is an error, transferred where it is one of many', async () => {
    const trees = { src: { a: 'x', b: 'x' }, dst: {}, other: { 'a/file': 'x', b: 'x' } }
    const tree = await told(trees, (ctx, { src, dst, other }, onOutcome) =>
      copyDir(ctx, src, dst, { compareDest: [other], onOutcome }),
    )
    expect(tree.error).toMatchObject({ code: 'is-dir' })
    expect(tree.seen.filter((line) => !line.startsWith('>'))).toEqual(['! a', '+ a', '+ b', '= b'])
    expect(tree.left).toEqual({ 'dst/a': 'x' })
    const file = await told(trees, (ctx, { src, dst, other }) =>
      copyFile(ctx, { ...src, file: 'a' }, { ...dst, file: 'a' }, { compareDest: [other] }),
    )
    expect(file).toMatchObject({ error: { code: 'is-dir' }, left: {} })
  })

  test.each([
    [{}, {}],
    [{ b: 'old!' }, { 'dst/b': 'x' }],
  ])(
    'that gets another name is looked for elsewhere under its old one, but for what has the new one: %o',
    async (dst, left) => {
      const trees = { src: { a: 'x' }, dst, other: { a: 'x' } }
      const copied = await told(trees, (ctx, places) =>
        copyFile(ctx, { ...places.src, file: 'a' }, { ...places.dst, file: 'b' }, { compareDest: [places.other] }),
      )
      expect(copied.left).toEqual(left)
    },
  )
})

describe('where the source is missing', () => {
  const trees = { src: {}, dst: { a: 'a', 'd/b': 'b' } }

  test('what is in the destination itself is told of', async () => {
    const { seen, error } = await told(trees, (ctx, { src, dst }, onOutcome) =>
      copyDir(ctx, { ...src, path: 'nosuch' }, dst, { onOutcome }),
    )
    expect(seen.filter((line) => !line.endsWith(' d'))).toEqual(['- a', '> a'])
    expect(error).toMatchObject({ code: 'dir-not-found' })
  })

  test.each(['before', 'during', 'after'] as const)(
    'nothing is deleted, whatever errors are ignored: %s',
    async (when) => {
      const { left, error } = await told(trees, (ctx, { src, dst }) =>
        syncDir(ctx, { ...src, path: 'nosuch' }, dst, { ignoreErrors: true, deleteMode: when }),
      )
      expect(left).toEqual({ 'dst/a': 'a', 'dst/d/': '', 'dst/d/b': 'b' })
      expect(error).toMatchObject({ code: 'dir-not-found' })
    },
  )
})

test('what the first pass of --delete-before has made is told of by the second, and what it has told of is not', async () => {
  const trees = { src: { a: 'a' }, dst: { a: 'a', old: 'o', kept: 'k' } }
  const { seen } = await told(trees, (ctx, { src, dst }, onOutcome) =>
    syncDir(ctx, src, dst, { deleteMode: 'before', suffix: '.bak', onOutcome }),
  )
  expect(seen.filter((line) => line.startsWith('-'))).toEqual(['- kept', '- kept.bak', '- old', '- old.bak'])
})

test.each(['SOFT', 'CAUTIOUS'] as const)(
  'what a limit keeps from being replaced is there afterwards (%s)',
  async (cutoffMode) => {
    const names = Array.from({ length: 20 }, (_, i) => `file ${i}`)
    const treeWith = (content: string): Tree => Object.fromEntries(names.map((name) => [name, content]))
    const trees = { src: treeWith('new'), dst: treeWith('older') }
    const { seen } = await told(trees, (ctx, { src, dst }, onOutcome) =>
      copyDir(ctx, src, dst, { onOutcome, maxTransfer: 1, cutoffMode }),
    )
    expect(seen.filter((line) => line.startsWith('>'))).toEqual(names.map((name) => `> ${name}`).toSorted())
  },
)

test('who is told and lags behind is waited for after every directory', async () => {
  const remote = createMemoryRemote()
  const dirs = Array.from({ length: 100 }, (_, i) => `${i}/file`)
  await plant(remote, Object.fromEntries(dirs.map((path) => [`src/${path}`, path])), 1n)
  let seen = 0
  let most = 0
  let caughtUp = 0
  await copyDir(
    recordRun().ctx,
    { remote, path: 'src' },
    { remote: createMemoryRemote(), path: 'dst' },
    {
      onOutcome: () => void (most = Math.max(most, ++seen - caughtUp)),
      outcomesTaken: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1))
        caughtUp = seen
      },
    },
  )
  expect(seen).toBeGreaterThanOrEqual(dirs.length)
  expect(most).toBeLessThan(20)
})
