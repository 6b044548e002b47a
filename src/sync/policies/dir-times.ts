import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { Time } from '../../core/time.ts'
import { deepestFirst } from '../../operations/levels.ts'
import type { Action, SetDirTime } from '../action.ts'
import type { Judged } from '../pair.ts'

/**
 * Sets the times of directories: at once where only they differ, and when all else is done where the run changes the content
 * (rclone's surface §5.2, "Directories"). The root's time is left alone.
 */
export interface DirTimes {
  /** Sees every pair that is walked over. @returns what is to be done at once */
  seen(judged: Judged): SetDirTime | undefined
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
 * @param o `createEmptySrcDirs`: source directories with nothing in them count too; `atOnce`: what differs is not left for the end,
 * as rclone does where it looks for no renamed files
 */
export function createDirTimes(o: { readonly createEmptySrcDirs: boolean; readonly atOnce: boolean }): DirTimes {
  // Little of each, for there may be very many
  const dirs: SeenDir[] = []
  const filled = new Set<Path>()
  const changed = new Set<Path>()
  const made = new Set<Path>()
  return {
    seen({ pair, verdict }) {
      if (!pair.source) return undefined
      filled.add(parent(pair.path))
      if (pair.kind !== 'dir' || pair.source.modified === undefined) return undefined
      const { path, target, dest } = pair
      const differs = verdict === 'time'
      const dir = { path, target, modified: pair.source.modified, there: dest !== undefined, size: dest?.size }
      dirs.push({ ...dir, waits: differs && !o.atOnce })
      return differs && o.atOnce ? setTime(dir, true) : undefined
    },
    changes(action) {
      if (action.kind === 'make-dir') made.add(action.path)
      for (const path of changedPaths(action)) changed.add(parent(path))
    },
    *actions() {
      for (const level of deepestFirst(dirs)) {
        const actions: SetDirTime[] = []
        for (const dir of level) {
          const { path, there, waits } = dir
          if (!waits && !changed.has(path) && !made.has(path)) continue
          if (!o.createEmptySrcDirs && !filled.has(path)) continue
          changed.add(parent(path))
          actions.push(setTime(dir, there || made.has(path)))
        }
        if (actions.length > 0) yield [{ kind: 'settle' }, ...actions]
      }
    },
  }
}

/** The paths whose coming or going changes the directory that they are in. */
function changedPaths(action: Action): readonly Path[] {
  switch (action.kind) {
    case 'make-dir':
    case 'transfer':
    case 'delete':
      return [action.path]
    case 'rename':
    case 'rename-dir':
      return [action.path, action.from]
    case 'remove-dir':
      return action.side === 'dest' ? [action.path] : []
    case 'set-time':
      return action.respell === undefined ? [] : [action.path]
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
  /** Its time differs, and has not been set. */
  readonly waits: boolean
}

function setTime({ path, target, modified, size }: Omit<SeenDir, 'waits'>, known: boolean): SetDirTime {
  return { kind: 'set-dir-time', path, target, modified, known, size }
}
