import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { plant, recordRun } from '../../test/support/recorded-run.ts'
import type { Remote } from '../core/remote.ts'
import { dryRunGate } from '../operations/gate.ts'
import { createMemoryRemote } from '../remotes/memory/index.ts'
import { loadNameTransform } from '../transform/name-transform.ts'
import { copyDir, copyFile } from './copy.ts'
import { moveDir, moveFile } from './move.ts'
import { renameDir } from './rename.ts'
import { syncDir } from './sync.ts'

const changes = [
  'write',
  'remove',
  'mkdir',
  'rmdir',
  'copy',
  'move',
  'moveDir',
  'purge',
  'setTimes',
  'setMetadata',
] as const

/** `remote`, which notes what would change it. */
function watched(remote: Remote, changed: string[]): Remote {
  const members = changes.map((name) => [
    name,
    (...args: unknown[]) => (changed.push(`${name} ${String(args[0])}`), Promise.reject(new Error('changed'))),
  ])
  return { ...remote, ...Object.fromEntries(members) }
}

const name = fc.constantFrom('a', 'b', 'A', 'd', 'e')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
const tree = fc.array(fc.tuple(path, fc.constantFrom('x', 'y', 'long'), fc.constantFrom(1n, 2_000_000_000n)), {
  maxLength: 8,
})
const flag = fc.option(fc.constant(true), { nil: undefined })
const flags = fc.record({
  trackRenames: flag,
  createEmptySrcDirs: flag,
  deleteEmptySrcDirs: flag,
  fixCase: flag,
  metadata: flag,
  checksum: flag,
  sizeOnly: flag,
  update: flag,
  ignoreTimes: flag,
  noTraverse: flag,
  fastList: flag,
  ignoreCaseSync: flag,
  checkFirst: flag,
  refreshTimes: flag,
  deleteMode: fc.constantFrom('before', 'during', 'after', undefined),
  suffix: fc.constantFrom('.bak', undefined),
  backup: flag,
  copyDest: flag,
  names: fc.constantFrom('all,prefix=p', 'uppercase', undefined),
})

test('a dry run changes nothing, whatever it is told', async () => {
  await fc.assert(
    fc.asyncProperty(
      tree,
      tree,
      flags,
      fc.constantFrom('copy', 'move', 'sync', 'rename', 'copyfile', 'movefile'),
      fc.boolean(),
      fc.boolean(),
      async (here, there, { backup, copyDest, names, deleteMode, ...o }, job, one, caseInsensitive) => {
        const to = createMemoryRemote({ caseInsensitive })
        const from = one ? to : createMemoryRemote()
        for (const [remote, files, root] of [
          [from, here, 's'],
          [to, there, 't'],
        ] as const)
          for (const [file, content, time] of files)
            await plant(remote, { [`${root}/${file}`]: content }, time).catch(() => undefined)
        const changed: string[] = []
        const dest = watched(to, changed)
        const source = one ? dest : watched(from, changed)
        const { ctx } = recordRun()
        const nameTransform = names === undefined ? undefined : await loadNameTransform([names], 0n)
        const all = {
          ...o,
          nameTransform,
          deleteMode: o.trackRenames && deleteMode === 'before' ? undefined : deleteMode,
          gate: dryRunGate(ctx.log),
          backupDir: backup && { remote: dest, path: 'old' },
          copyDest: copyDest ? [{ remote: dest, path: 'u' }] : [],
        }
        const [s, t] = [
          { remote: source, path: 's' },
          { remote: dest, path: 't' },
        ]
        const file = here[0]?.[0] ?? 'none'
        const jobs = {
          copy: () => copyDir(ctx, s, t, all),
          move: () => moveDir(ctx, s, t, all),
          sync: () => syncDir(ctx, s, t, all),
          rename: () =>
            renameDir(ctx, s, { ...all, nameTransform: nameTransform ?? ((text) => Promise.resolve(`${text}x`)) }),
          copyfile: () => copyFile(ctx, { ...s, file }, t, all),
          movefile: () => moveFile(ctx, { ...s, file }, t, all),
        }
        await jobs[job]().catch(() => undefined)
        expect(changed).toEqual([])
      },
    ),
    { numRuns: 150 * Number(process.env['FJORD_FUZZ'] ?? 1) },
  )
})
