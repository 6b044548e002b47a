import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plant, recordRun, treeOf, without } from '../../test/support/recorded-run.ts'
import { silent } from '../core/context.ts'
import type { Remote } from '../core/remote.ts'
import { parseRfc3339 } from '../core/time.ts'
import { loadFilter } from '../filter/load.ts'
import { dryRunGate } from '../operations/gate.ts'
import type { FilterValues } from '../options/common/filter.ts'
import { filterOptions } from '../options/common/filter.ts'
import { resolveOptions } from '../options/resolve.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import type { NameTransform } from '../transform/name-transform.ts'
import { loadNameTransform } from '../transform/name-transform.ts'
import { sleep } from '../util/async.ts'
import type { RenameOptions } from './options.ts'
import { renameDir, renameFile } from './rename.ts'

const time = parseRfc3339('2021-04-05T06:07:08Z') ?? 0n

async function placeOf(tree: Record<string, string>, caseInsensitive = false): Promise<Remote> {
  const remote = createMemoryRemote({ caseInsensitive })
  await remote.mkdir('r')
  const below = Object.fromEntries(Object.entries(tree).map(([path, content]) => [`r/${path}`, content]))
  await plant(remote, below, time)
  return remote
}

type Move = NonNullable<Remote['move']>

function withMove(remote: Remote, move: (real: Move, ...args: Parameters<Move>) => ReturnType<Move>): Remote {
  const real = remote.move
  if (!real) throw new Error('it cannot move')
  return { ...remote, move: (...args) => move(real, ...args) }
}

/** The new names of some, all others staying as they are. */
function names(table: Readonly<Record<string, string>>): NameTransform {
  return (name) => Promise.resolve(table[name] ?? name)
}

async function rename(remote: Remote, how: NameTransform | readonly string[], o: Partial<RenameOptions> = {}) {
  const recorded = recordRun()
  const nameTransform = typeof how === 'function' ? how : await loadNameTransform(how, time)
  if (!nameTransform) throw new Error('no transform')
  const error = await renameDir(recorded.ctx, { remote, path: 'r' }, { ...o, nameTransform }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const tree = Object.entries(await treeOf(remote, 'r')).map(([path, content]) => [path.slice(2), content])
  return { ...recorded, error, tree: Object.fromEntries(tree) as Record<string, string> }
}

async function filterOf(values: Partial<FilterValues>, list = '') {
  const all: FilterValues = { ...resolveOptions(filterOptions, []), ...values }
  const read = () => Promise.resolve(Buffer.from(list))
  return await loadFilter(all, { readFile: read, readStandardInput: read, now: () => Date.now(), log: silent })
}

describe('renaming in place', () => {
  test('files get their new names where they are', async () => {
    const remote = await placeOf({ a: '1', 'sub/b': '2', 'sub/deep/c': '3' })
    const { error, tree, lines } = await rename(remote, ['suffix=.x'])
    expect(error).toBeUndefined()
    expect(tree).toEqual({ 'a.x': '1', 'sub/': '', 'sub/b.x': '2', 'sub/deep/': '', 'sub/deep/c.x': '3' })
    expect(lines()).toContain('INFO sub/b: Moved (server-side) to: sub/b.x')
  })

  test('nothing is copied, and the time of a file stays', async () => {
    const remote = await placeOf({ a: '1' })
    const { of } = await rename({ ...remote, write: () => Promise.reject(new Error('written')) }, ['prefix=p_'])
    expect(of('server-side-move')).toHaveLength(1)
    expect(await remote.stat('r/p_a')).toMatchObject({ modified: time })
  })

  test('a place that cannot rename copies, and deletes what has arrived', async () => {
    const remote = await placeOf({ a: '1', b: '2' })
    const { error, tree } = await rename(without(remote, 'move', 'copy'), ['prefix=p_'])
    expect(error).toBeUndefined()
    expect(tree).toEqual({ p_a: '1', p_b: '2' })
  })

  test('directories are left for their new names, and go where that is asked for', async () => {
    const source = { 'sub/b': '2', 'sub/deep/c': '3', 'empty/': '' }
    const stays = await rename(await placeOf(source), ['all,uppercase'])
    expect(Object.keys(stays.tree).toSorted()).toEqual(
      ['SUB/', 'SUB/B', 'SUB/DEEP/', 'SUB/DEEP/C', 'empty/', 'sub/', 'sub/deep/'].toSorted(),
    )
    const o = { deleteEmptySrcDirs: true, createEmptySrcDirs: true }
    const goes = await rename(await placeOf({ ...source, 'STAYS/': '' }), ['all,uppercase'], o)
    expect(Object.keys(goes.tree).toSorted()).toEqual(
      ['SUB/', 'SUB/B', 'SUB/DEEP/', 'SUB/DEEP/C', 'EMPTY/', 'STAYS/'].toSorted(),
    )
  })

  test('new directories have the times of the old ones', async () => {
    const remote = await placeOf({ 'sub/deep/c': '3' })
    for (const path of ['r/sub/deep', 'r/sub']) await remote.setTimes?.({ kind: 'dir', path }, { modified: time })
    await rename(remote, ['dir,prefix=p_'])
    expect(await remote.stat('r/p_sub')).toMatchObject({ modified: time })
    expect(await remote.stat('r/p_sub/p_deep')).toMatchObject({ modified: time })
  })

  test('a dry run changes nothing and says what would be', async () => {
    const remote = await placeOf({ a: '1', 'sub/b': '2' })
    const dry = recordRun()
    const { tree } = await rename(remote, ['suffix=.bak'], { gate: dryRunGate(dry.ctx.log) })
    expect(tree).toEqual({ a: '1', 'sub/': '', 'sub/b': '2' })
    expect(dry.lines()).toEqual([
      'NOTICE a: Skipped move to a.bak as --dry-run is set (size 1)',
      'NOTICE sub/b: Skipped move to sub/b.bak as --dry-run is set (size 1)',
    ])
  })

  test('the filter chooses by the old names; depth and markers hold', async () => {
    const source = {
      'a.jpg': '1',
      'b.png': '2',
      'sub/c.jpg': '3',
      'no/.skip': '',
      'no/d.jpg': '4',
      'sub/deep/e.jpg': '5',
    }
    const filter = await filterOf({ include: ['*.jpg'], excludeIfPresent: ['.skip'] })
    expect(Object.keys((await rename(await placeOf(source), ['prefix=p_'], { filter, maxDepth: 2 })).tree)).toEqual(
      expect.arrayContaining(['p_a.jpg', 'b.png', 'sub/p_c.jpg', 'no/d.jpg', 'sub/deep/e.jpg']),
    )
    const listed = await filterOf({ filesFrom: ['list'] }, 'sub/c.jpg\nmissing\n')
    expect(Object.keys((await rename(await placeOf(source), ['prefix=p_'], { filter: listed })).tree)).toEqual(
      expect.arrayContaining(['a.jpg', 'b.png', 'sub/p_c.jpg', 'no/d.jpg', 'sub/deep/e.jpg']),
    )
  })

  test('a missing place is an error', async () => {
    expect(
      (await rename(createMemoryRemote(), ['prefix=p_']).catch((error: unknown) => ({ error }))).error,
    ).toMatchObject({
      code: 'dir-not-found',
    })
  })
})

describe('nothing is overwritten', () => {
  test('by the second of two that get one name', async () => {
    const remote = await placeOf({ ab: 'first', ac: 'second', z: 'z' })
    const { error, tree, lines } = await rename(remote, names({ ab: 'a', ac: 'a', z: 'y' }))
    expect(error).toMatchObject({ code: 'exists', retry: 'never' })
    expect(tree).toEqual({ a: 'first', ac: 'second', y: 'z' })
    expect(lines()).toContain('ERROR ac: Left out: the source also has "ab", which is the same name in the destination')
  })

  test('where the new name is taken by a file or directory that stays', async () => {
    const remote = await placeOf({ a: 'a', b: 'b', c: 'c', 'd/e': 'e' })
    const { error, tree, lines } = await rename(remote, names({ a: 'b', c: 'd' }))
    expect(error).toMatchObject({ code: 'exists', retry: 'never' })
    expect(tree).toEqual({ a: 'a', b: 'b', c: 'c', 'd/': '', 'd/e': 'e' })
    expect(lines()).toEqual([
      'ERROR a: Left out: the new name "b" is taken',
      'ERROR c: Left out: the new name "d" is taken',
    ])
  })

  test('where what has the name is excluded, or has no new name itself', async () => {
    const remote = await placeOf({ a: 'a', b: 'b', 'c-c': 'c', d: 'd' })
    const transform: NameTransform = (name) =>
      name === 'c-c' ? Promise.reject(new Error('none')) : Promise.resolve({ a: 'b', b: 'x', d: 'c-c' }[name] ?? name)
    const { tree } = await rename(remote, transform, { filter: await filterOf({ exclude: ['b'] }) })
    expect(tree).toEqual({ a: 'a', b: 'b', 'c-c': 'c', d: 'd' })
  })

  test('in a row, where each takes the name of the next: the last goes first', async () => {
    const remote = await placeOf({ a: '1', b: '2', c: '3' })
    const order: string[] = []
    const watched = withMove(remote, async (move, from, to, options) => {
      if (to === 'r/d') await sleep(20)
      order.push(to)
      return await move(from, to, options)
    })
    const { error, tree } = await rename(watched, names({ a: 'b', b: 'c', c: 'd' }))
    expect(error).toBeUndefined()
    expect(tree).toEqual({ b: '1', c: '2', d: '3' })
    expect(order).toEqual(['r/d', 'r/c', 'r/b'])
    const prefixed = await rename(await placeOf({ x: '0', p_x: '1', p_p_x: '2' }), ['prefix=p_'])
    expect(prefixed).toMatchObject({ error: undefined, tree: { p_x: '0', p_p_x: '1', p_p_p_x: '2' } })
  })

  test('in a row where one could not be renamed: those behind it stay', async () => {
    const remote = await placeOf({ a: '1', b: '2', c: '3' })
    const broken = withMove(remote, (move, from, to, options) =>
      from === 'r/c' ? Promise.reject(new Error('broken')) : move(from, to, options),
    )
    const { error, tree } = await rename(broken, names({ a: 'b', b: 'c', c: 'd' }))
    expect(error).toBeDefined()
    expect(tree).toEqual({ a: '1', b: '2', c: '3' })
  })

  test('in a circle: none is renamed, and the rest is', async () => {
    const remote = await placeOf({ a: '1', b: '2', c: '3', d: '4', e: '5' })
    const { error, tree } = await rename(remote, names({ a: 'b', b: 'c', c: 'a', d: 'a', e: 'f' }))
    expect(error).toMatchObject({ code: 'exists' })
    expect(tree).toEqual({ a: '1', b: '2', c: '3', d: '4', f: '5' })
  })

  test('where somebody takes the name after the plan was made', async () => {
    const remote = await placeOf({ a: 'mine' })
    const racing: Remote = {
      ...remote,
      async *list(dir, o) {
        yield* remote.list(dir, o)
        if (dir === 'r') await plant(remote, { 'r/b': 'theirs' }, time)
      },
    }
    const { error, tree } = await rename(racing, names({ a: 'b' }))
    expect(error).toMatchObject({ code: 'exists' })
    expect(tree).toEqual({ a: 'mine', b: 'theirs' })
  })

  test('a long row is no reason to give up', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => `f${i}`)
    const remote = await placeOf(Object.fromEntries(many.map((name) => [name, name])))
    const { error, tree } = await rename(remote, (name) => Promise.resolve(`f${Number(name.slice(1)) + 1}`))
    expect(error).toBeUndefined()
    expect(tree).toEqual(Object.fromEntries(many.map((name, i) => [`f${i + 1}`, name])))
  })

  test('what the place cannot name is found out before, and stays with all below it', async () => {
    const remote = await placeOf({ a: '1', 'sub/b': '2', c: '3' })
    const picky: Remote = { ...remote, nameProblem: (path) => (path.endsWith('!') ? 'no "!" here' : undefined) }
    const dry = recordRun()
    const table = names({ a: 'a!', sub: 'sub!', c: 'd' })
    const { error, tree, lines } = await rename(picky, table, { gate: dryRunGate(dry.ctx.log) })
    expect(error).toMatchObject({ code: 'invalid-name' })
    expect(lines()).toEqual(['ERROR a: Left out: no "!" here', 'ERROR sub: Left out: no "!" here'])
    expect(tree).toEqual({ a: '1', 'sub/': '', 'sub/b': '2', c: '3' })
  })

  test('names that lead elsewhere are none', async () => {
    const remote = await placeOf({ 'sub/x..': '1', 'sub/a-b': '2' })
    const { error, tree } = await rename(remote, ['trimprefix=x', 'replace=-:/'])
    expect(error).toMatchObject({ code: 'invalid-name' })
    expect(tree).toEqual({ 'sub/': '', 'sub/x..': '1', 'sub/a-b': '2' })
  })
})

describe('directories', () => {
  test('two that get one name stay two', async () => {
    const remote = await placeOf({ 'ab/x': '1', 'ac/y': '2' })
    const { error, tree } = await rename(remote, names({ ab: 'a', ac: 'a' }))
    expect(error).toMatchObject({ code: 'exists' })
    expect(tree).toEqual({ 'ab/': '', 'a/': '', 'a/x': '1', 'ac/': '', 'ac/y': '2' })
  })

  test('a run that was cut off can be gone on with: one that is there already is joined, file by file', async () => {
    const remote = await placeOf({
      'SUB/A': 'done',
      'sub/b': 'left',
      'sub/a': 'another',
      'sub/deep/c': 'deep',
      'SUB/DEEP/D': 'd',
    })
    const { error, tree, lines } = await rename(remote, ['all,uppercase'], { deleteEmptySrcDirs: true })
    expect(error).toMatchObject({ code: 'exists' })
    expect(tree).toEqual({
      'SUB/': '',
      'SUB/A': 'done',
      'SUB/B': 'left',
      'SUB/DEEP/': '',
      'SUB/DEEP/C': 'deep',
      'SUB/DEEP/D': 'd',
      'sub/': '',
      'sub/a': 'another',
    })
    expect(lines()).toContain('ERROR sub/a: Left out: the new name "A" is taken')
  })

  test('what is left behind empty is no error the next time', async () => {
    const remote = await placeOf({ 'sub/a': '1' })
    await rename(remote, ['all,uppercase'])
    const { error, tree } = await rename(remote, ['all,uppercase'])
    expect(error).toBeUndefined()
    expect(tree).toEqual({ 'SUB/': '', 'SUB/A': '1', 'sub/': '' })
  })

  test('what joins another directory is not renamed twice', async () => {
    const remote = await placeOf({ 'aa/x': '1', 'a/y': '2' })
    const { error, tree } = await rename(remote, (name, kind) => Promise.resolve(kind === 'dir' ? 'a' : `${name}.x`))
    expect(error).toBeUndefined()
    expect(tree).toEqual({ 'aa/': '', 'a/': '', 'a/x.x': '1', 'a/y.x': '2' })
  })

  test('in a row, where each takes the name of the next', async () => {
    const source = { '1/f': 'one', '2/f': 'two', '3/f': 'three' }
    const table = names({ '1': '2', '2': '3', '3': '4' })
    const { error, tree } = await rename(await placeOf(source), table, { deleteEmptySrcDirs: true })
    expect(error).toBeUndefined()
    expect(tree).toEqual({ '2/': '', '2/f': 'one', '3/': '', '3/f': 'two', '4/': '', '4/f': 'three' })
  })

  test('in a circle: they stay with all that is in them', async () => {
    const remote = await placeOf({ 'a/f': 'a', 'b/f': 'b' })
    const { error, tree } = await rename(remote, names({ a: 'b', b: 'a', f: 'g' }))
    expect(error).toMatchObject({ code: 'exists' })
    expect(tree).toEqual({ 'a/': '', 'a/f': 'a', 'b/': '', 'b/f': 'b' })
  })

  test('one that cannot be listed stays, and the rest is done', async () => {
    const remote = await placeOf({ 'bad/x': '1', 'good/y': '2' })
    let failed = false
    const broken: Remote = {
      ...remote,
      async *list(dir, o) {
        if (dir === 'r/bad' && !failed) {
          failed = true
          throw new Error('not to be read')
        }
        yield* remote.list(dir, o)
      },
    }
    const { error, tree } = await rename(broken, ['all,prefix=p_'])
    expect(error).toBeDefined()
    expect(tree).toEqual({ 'bad/': '', 'bad/x': '1', 'good/': '', 'p_good/': '', 'p_good/p_y': '2' })
  })
})

describe('where upper and lower case are one name', () => {
  test('a change of case is a change, of directories too', async () => {
    const remote = await placeOf({ 'sub/deep/a': '1', B: '2' }, true)
    const { error, tree } = await rename(remote, ['all,uppercase'])
    expect(error).toBeUndefined()
    expect(tree).toEqual({ 'SUB/': '', 'SUB/DEEP/': '', 'SUB/DEEP/A': '1', B: '2' })
    expect((await rename(remote, ['all,uppercase'])).lines()).toEqual(['INFO There was nothing to transfer'])
  })

  test('two names that differ in case alone are one', async () => {
    const remote = await placeOf({ x: '1', y: '2', A: '3' }, true)
    const { error, tree } = await rename(remote, names({ x: 'n', y: 'N', A: 'a' }))
    expect(error).toMatchObject({ code: 'exists' })
    expect(tree).toEqual({ n: '1', y: '2', a: '3' })
    const taken = await rename(await placeOf({ x: '1', A: '3' }, true), names({ x: 'a' }))
    expect(taken.tree).toEqual({ x: '1', A: '3' })
  })
})

describe('a single file', () => {
  const at = async (remote: Remote, file: string, transform: NameTransform) => {
    const { ctx, lines } = recordRun()
    const renaming = renameFile(ctx, { remote, path: 'r', file }, { nameTransform: transform })
    const error: unknown = await renaming.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    return { error, lines, tree: await treeOf(remote, 'r') }
  }

  test('is renamed where it is, and takes no other name away', async () => {
    expect(await at(await placeOf({ a: '1', b: '2' }), 'a', names({ a: 'c' }))).toMatchObject({
      error: undefined,
      tree: { 'r/c': '1', 'r/b': '2' },
    })
    expect(await at(await placeOf({ a: '1', b: '2' }), 'a', names({ a: 'b' }))).toMatchObject({
      error: { code: 'exists' },
      tree: { 'r/a': '1', 'r/b': '2' },
    })
    expect((await at(await placeOf({ a: '1' }), 'a', names({}))).lines()).toEqual([
      'INFO There was nothing to transfer',
    ])
    expect((await at(await placeOf({ a: '1' }, true), 'a', names({ a: 'A' }))).tree).toEqual({ 'r/A': '1' })
    expect(
      (await at(await placeOf({}), 'a', names({ a: 'A' })).catch((error: unknown) => ({ error }))).error,
    ).toBeDefined()
  })
})

describe('whatever the names and whatever fails', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'A', 'B')
  const changes = fc.uniqueArray(fc.tuple(name, name), { selector: ([from]) => from })
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const paths = fc.uniqueArray(path, { maxLength: 8 })
  const runs = { numRuns: 150 * Number(process.env['FJORD_FUZZ'] ?? '1') }

  test('every file is where it was or where it belongs, and without an error there alone', async () => {
    const property = fc.asyncProperty(paths, changes, fc.boolean(), fc.constantFrom(0, 2, 3), renamedWell)
    await fc.assert(property, runs)
  })

  /** @param failing every which renaming fails; 0 for none */
  async function renamedWell(
    wanted: readonly string[],
    changed: readonly (readonly [string, string])[],
    caseInsensitive: boolean,
    failing: number,
  ): Promise<void> {
    const table = Object.fromEntries(changed)
    const remote = await placeOf({}, caseInsensitive)
    // What cannot stand beside the others is left out
    for (const each of wanted) await plant(remote, { [`r/${each}`]: each }, time).catch(() => undefined)
    const before = await filesOf(remote)
    let moves = 0
    const faulty = withMove(remote, (move, ...args) =>
      failing > 0 && moves++ % failing === 0 ? Promise.reject(new Error('refused')) : move(...args),
    )
    const { error } = await rename(faulty, names(table), { deleteEmptySrcDirs: failing === 3 })
    const after = await filesOf(remote)
    const told = JSON.stringify({ before, after, error: String(error) })
    expect([...after.keys()].toSorted(), told).toEqual([...before.keys()].toSorted())
    for (const [content, at] of before) {
      const there = [
        at
          .split('/')
          .map((part, i) => (i === 0 ? part : (table[part] ?? part)))
          .join('/'),
        at,
      ]
      const allowed = there
        .slice(0, error === undefined ? 1 : 2)
        .map((each) => (caseInsensitive ? each.toLowerCase() : each))
      const now = after.get(content) ?? ''
      expect(allowed, told).toContain(caseInsensitive ? now.toLowerCase() : now)
    }
  }

  /** Where each content is. */
  async function filesOf(remote: Remote): Promise<Map<string, string>> {
    const files = Object.entries(await treeOf(remote)).filter(([at]) => !at.endsWith('/'))
    return new Map(files.map(([at, content]) => [content, at]))
  }
})

test('is over when directories that were opened for their content have their own mode', async () => {
  const remote = await placeOf({ 'd/f': 'x' })
  const modes: unknown[] = []
  const slow: Remote = {
    ...remote,
    metadata: async () => ({ mode: '40555' }),
    async setMetadata(_, { mode }) {
      await sleep(5)
      modes.push(mode)
    },
  }
  const o = { metadata: true, createEmptySrcDirs: true, noUpdateDirModtime: true }
  expect((await rename(slow, ['dir,prefix=new_'], o)).error).toBeUndefined()
  expect(modes.at(-1)).toBe('40555')
})
