import { expect, test } from 'vitest'
import { plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { moveDir } from './move.ts'
import type { MoveOptions } from './options.ts'

test.each([
  [true, 'exists', {}],
  [false, undefined, {}],
  [false, undefined, { nameTransform: (name: string) => Promise.resolve(`new-${name}`) }],
])(
  'an empty disk of which nobody knows whether it ignores case (%s): nothing is lost in a move',
  async (ignores, code, o: MoveOptions) => {
    const from = createMemoryRemote({ name: 'from' })
    await plant(from, { 'src/Name': 'one', 'src/name': 'other', 'src/rest': 'rest' }, 1n)
    const to = createMemoryRemote({ name: 'to', caseInsensitive: ignores })
    let known = false
    const facts: typeof to.facts = (path) => ({
      ...to.facts(path),
      caseInsensitive: known && ignores,
      caseUnknown: !known,
    })
    const move = async (): Promise<unknown> => {
      const [source, dest] = [
        { remote: from, path: 'src' },
        { remote: { ...to, facts }, path: 'dst' },
      ]
      const error = await moveDir(recordRun().ctx, source, dest, o).catch((thrown: unknown) => thrown)
      known = true
      return error
    }
    expect(await move()).toMatchObject({ code: 'exists', retry: 'later' })
    expect(await treeOf(from, 'src')).toEqual({ 'src/Name': 'one', 'src/name': 'other' })
    const again = await move()
    if (code) expect(again).toMatchObject({ code, retry: 'never' })
    else expect(again).toBeUndefined()
    const all = { ...(await treeOf(from, 'src')), ...(await treeOf(to, 'dst')) }
    expect(Object.values(all)).toEqual(expect.arrayContaining(['one', 'other', 'rest']))
  },
)
