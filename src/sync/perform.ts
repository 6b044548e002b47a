import type { Context } from '../core/context.ts'
import type { Step } from '../operations/gate.ts'
import { relative } from '../core/path.ts'
import type { Change } from './action.ts'
import type { After } from './outcome.ts'
import { deleteFile, deleteSource } from './perform-delete.ts'
import { makeDir, removeDir, renameDir, setDirTime } from './perform-dir.ts'
import { rename, setTime, transfer } from './perform-file.ts'
import type { Performer, Stage } from './stage.ts'

type Performers = { readonly [K in Change['kind']]: Performer<Extract<Change, { readonly kind: K }>> }

const performers: Performers = {
  transfer,
  'set-time': setTime,
  'delete-source': deleteSource,
  delete: deleteFile,
  rename,
  'rename-dir': renameDir,
  'make-dir': makeDir,
  'set-dir-time': setDirTime,
  'remove-dir': removeDir,
}

/** One change that is ready to be carried out. */
export interface Work {
  /** What the gate is asked. */
  readonly step: Step
  /** What the log says in front of the error when it fails (rclone's surface §5.6). */
  readonly failure: string
  /** Whether it may be done at all. @throws StorageError where a limit forbids it */
  allowed(): boolean
  /** Carries it out, with rclone's lines for it. @throws what the remotes throw */
  run(): Promise<void>
  /** It was done, or skipped by a gate: counted either way, as rclone does. */
  done(done: boolean): void
  /** It was not done: what stood there still does. */
  undone(): void
}

/** How a change is carried out on a stage. */
export function workOf(ctx: Context, stage: Stage, change: Change): Work {
  // The table has for each kind the performer of that kind; the types cannot follow the lookup.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const performer = performers[change.kind] as Performer<Change>
  const tell = (after: After | undefined): void => after && stage.onOutcome({ kind: 'after', ...after })
  return {
    step: performer.step(change, stage),
    failure: performer.failure,
    allowed: () => performer.allowed?.(change, stage) ?? true,
    run: () => performer.run(ctx, stage, change),
    done(done) {
      performer.done?.(ctx, stage, change)
      tell(done ? performer.after?.(change, stage) : standing(change, stage))
    },
    undone: () => tell(standing(change, stage)),
  }
}

/** The file of the destination that a change is about, as it was found. */
function standing(change: Change, { dest: { remote, path: root } }: Stage): After | undefined {
  if (!('dest' in change) || change.dest?.kind !== 'file') return undefined
  return { path: relative(change.dest.path, root), entry: change.dest, remote }
}
