import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { Time } from '../../core/time.ts'
import { deepestFirst } from '../../operations/levels.ts'
import { keep } from '../../operations/remove-dirs.ts'
import type { Action, SetDirTime } from '../action.ts'
import type { DirPair, Judged, Verdict } from '../pair.ts'

/**
 * Keeps in mind which directories need their time set when all else is done: those whose time differs, and those whose
 * content the run changes (rclone's surface §5.2, "Directories"). The root's time is left alone.
 */
export interface DirTimes {
  /** Sees every pair that is walked over. */
  seen(judged: Judged): void
  /** Sees every action that is taken. */
  changes(action: Action): void
  /** The times to set, deepest first, with everything before settled. */
  actions(): Generator<readonly Action[]>
}

/** For a destination whose directories have no times, or where they are to be left alone. */
export const noDirTimes: DirTimes = {
  seen: () => undefined,
  changes: () => undefined,
  *actions() {
    // nothing to set
  },
}

/**
 * @param o `unlisted`: the destination is not listed, so that what seems missing may be there; `compared`: times matter
 */
export function createDirTimes(o: { readonly unlisted: boolean; readonly compared: boolean }): DirTimes {
  // Little of each, for there may be very many
  const dirs: SeenDir[] = []
  const filled = new Set<Path>()
  const changed = new Set<Path>()
  const disturbed = new Set<Path>()
  const made = new Set<Path>()
  return {
    seen({ pair, verdict }) {
      if (!pair.source) return
      if (o.unlisted && pair.kind === 'file') keep(filled, parent(pair.path))
      if (pair.kind === 'dir' && pair.source.modified !== undefined)
        dirs.push(seenDir(pair, pair.source.modified, verdict))
    },
    changes(action) {
      if (action.kind === 'make-dir' || action.kind === 'transfer') changed.add(parent(action.path))
      if (action.kind === 'make-dir') made.add(action.path)
      for (const path of disturbedPaths(action)) disturbed.add(parent(path))
    },
    *actions() {
      for (const level of deepestFirst(dirs)) {
        const actions: SetDirTime[] = []
        for (const { path, target, modified, there, size, verdict } of level) {
          const renewed = disturbed.has(path) && (there ? o.compared && verdict === 'same' : true)
          const touched = changed.has(path) || made.has(path)
          // rclone sets the times of all directories above a change
          if (touched || (!there && renewed)) changed.add(parent(path))
          if (touched || verdict === 'time' || renewed || (!there && filled.has(path)))
            actions.push({ kind: 'set-dir-time', path, target, modified, known: there || made.has(path), size })
        }
        if (actions.length > 0) yield [{ kind: 'settle' }, ...actions]
      }
    },
  }
}

/** The paths whose going changes the directory that they are in; rclone leaves its time as it then is. */
function disturbedPaths(action: Action): readonly Path[] {
  switch (action.kind) {
    case 'delete':
      return [action.path]
    case 'rename':
    case 'rename-dir':
      return [action.path, action.from]
    case 'remove-dir':
      return action.side === 'dest' ? [action.path] : []
    case 'set-time':
      return action.respell === undefined ? [] : [action.path]
    case 'make-dir':
    case 'transfer':
    case 'delete-source':
    case 'set-dir-time':
    case 'settle':
    default:
      return []
  }
}

interface SeenDir {
  readonly path: Path
  readonly target: Path
  /** The source's. */
  readonly modified: Time
  /** The destination has it. */
  readonly there: boolean
  readonly size: number | undefined
  readonly verdict: Verdict
}

function seenDir({ path, target, dest }: DirPair, modified: Time, verdict: Verdict): SeenDir {
  return { path, target, modified, there: dest !== undefined, size: dest?.size, verdict }
}
