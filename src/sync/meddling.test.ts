import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { all, plant, recordRun, treeOf } from '../../test/support/recorded-run.ts'
import type { Limiter } from '../core/context.ts'
import type { Remote } from '../core/remote.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { createLimiter } from '../util/limiter.ts'
import { moveDir } from './move.ts'

/**
 * `remote`, beside which somebody does something before each call.
 * @param o `alone`: runs one thing at a time; `settled` gets the paths that were looked at or have arrived
 */
function meddledWith(
  remote: Remote,
  o: { readonly before: () => Promise<void>; readonly alone: Limiter; readonly settled: Set<string> },
): Remote {
  const { copy: _, moveDir: __, listAll: ___, ...rest } = remote
  const after = <T>(work: () => Promise<T> | undefined, path?: string): Promise<T> =>
    o.alone.run(async () => {
      await o.before()
      if (path !== undefined) o.settled.add(path)
      return await (work() ?? expect.fail('it cannot do that'))
    })
  return {
    ...rest,
    async *list(...args) {
      yield* await after(() => all(remote.list(...args)))
    },
    stat: (path, ...args) => after(() => remote.stat(path, ...args), path),
    remove: (...args) => after(() => remote.remove(...args)),
    setTimes: (...args) => after(() => remote.setTimes?.(...args)),
    write: (path, ...args) => after(() => remote.write(path, ...args), path),
    move: (from, to, options) => after(() => remote.move?.(from, to, options), to),
  }
}

const name = fc.constantFrom('a', 'b', 'd/a', 'd/b')
const files = fc.uniqueArray(name)
const meddle = fc.record({ name, what: fc.constantFrom('edit source', 'edit copy', 'remove copy') })

test('a move loses nothing, whatever somebody does meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      files,
      files,
      fc.array(fc.option(meddle, { nil: undefined, freq: 3 }), { maxLength: 60 }),
      fc.record({ one: fc.boolean(), update: fc.boolean(), deleteEmptySrcDirs: fc.boolean(), moves: fc.boolean() }),
      async (here, there, meddles, { one, moves, ...options }) => {
        const to = createMemoryRemote()
        const from = one ? to : createMemoryRemote()
        for (const each of here) await plant(from, { [`s/${each}`]: 'same' }, 5n)
        for (const each of there) await plant(to, { [`t/${each}`]: 'same' }, each === 'a' ? 6n : 5n)
        /** What the source had last under each name. */
        const wanted = new Map(here.map((each) => [each, 'same']))
        const settled = new Set<string>()
        const waiting = [...meddles]
        let edits = 0
        const before = async (): Promise<void> => {
          const next = waiting.shift()
          if (!next) return
          const content = `e${String(++edits).padStart(3, '0')}`
          const time = BigInt(10 + edits)
          if (next.what === 'edit source') {
            await plant(from, { [`s/${next.name}`]: content }, time)
            wanted.set(next.name, content)
            return
          }
          // What has arrived is his to destroy, and nobody can look there and remove here at once
          const path = `t/${next.name}`
          if (!(await to.stat(path)) || settled.has(path)) return
          if (next.what === 'edit copy') await plant(to, { [path]: content }, time)
          else await to.remove(path)
        }
        const o = { before, settled, alone: createLimiter(1) }
        const dest = meddledWith(to, o)
        const source = one ? dest : meddledWith(from, o)
        if (!moves) Reflect.deleteProperty(dest, 'move')
        const run = recordRun()
        const places = [
          { remote: source, path: 's' },
          { remote: dest, path: 't' },
        ] as const
        await moveDir(run.ctx, ...places, options).catch(() => undefined)
        const left = new Set([...Object.values(await treeOf(from)), ...Object.values(await treeOf(to))])
        const lost = [...wanted].filter(([, content]) => !left.has(content))
        expect({ lost, lines: lost.length > 0 ? run.lines() : [] }).toEqual({ lost: [], lines: [] })
      },
    ),
    { numRuns: 300 * Number(process.env['FJORD_FUZZ'] ?? 1) },
  )
})
