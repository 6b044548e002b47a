import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { Time } from '../../core/time.ts'
import { deepestFirst } from '../../operations/levels.ts'
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

/** @param o `createEmptySrcDirs`: source directories with nothing in them count too */
export function createDirTimes(o: { readonly createEmptySrcDirs: boolean }): DirTimes {
  // Little of each, for there may be very many
  const dirs: SeenDir[] = []
  const filled = new Set<Path>()
  const changed = new Set<Path>()
  const made = new Set<Path>()
  return {
    seen({ pair, verdict }) {
      if (!pair.source) return
      filled.add(parent(pair.target))
      if (pair.kind === 'dir' && pair.source.modified !== undefined)
        dirs.push(seenDir(pair, pair.source.modified, verdict))
    },
    changes(action) {
      if (action.kind === 'make-dir') made.add(action.target)
      for (const path of changedPaths(action)) changed.add(parent(path))
    },
    *actions() {
      for (const level of deepestFirst(dirs)) {
        const actions: SetDirTime[] = []
        for (const { path, target, modified, there, size, differs } of level) {
          const touched = changed.has(target) || made.has(target)
          if (!there && touched) changed.add(parent(target))
          if (touched || (differs && (o.createEmptySrcDirs || filled.has(target))))
            actions.push({ kind: 'set-dir-time', path, target, modified, known: there || made.has(target), size })
        }
        if (actions.length > 0) yield [{ kind: 'settle' }, ...actions]
      }
    },
  }
}

/** The paths on the destination's remote whose coming or going changes the directory that they are in. */
function changedPaths(action: Action): readonly Path[] {
  switch (action.kind) {
    case 'make-dir':
    case 'transfer':
    case 'delete':
      return [action.target]
    case 'rename':
    case 'rename-dir':
      return [action.target, action.dest.path]
    case 'remove-dir':
      return action.side === 'dest' ? [action.dir] : []
    case 'set-time':
      return action.respell === undefined ? [] : [action.target]
    case 'delete-source':
    case 'set-dir-time':
    case 'settle':
    default:
      return []
  }
}

interface SeenDir {
  /** As seen from the destination. */
  readonly path: Path
  readonly target: Path
  /** The source's. */
  readonly modified: Time
  /** The destination has it. */
  readonly there: boolean
  readonly size: number | undefined
  /** Its time is another one in the destination. */
  readonly differs: boolean
}

function seenDir({ wanted, target, dest }: DirPair, modified: Time, verdict: Verdict): SeenDir {
  return { path: wanted, target, modified, there: dest !== undefined, size: dest?.size, differs: verdict === 'time' }
}
