import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { Time } from '../../core/time.ts'
import { deepestFirst } from '../../operations/levels.ts'
import type { Action, SetDirTime } from '../action.ts'
import type { DirPair, Judged } from '../pair.ts'

/**
 * Sets the time, or the metadata, of directories that differ, and keeps in mind those whose content the run changes: they are
 * set when all else is done (rclone's surface §5.2, "Directories"). The root is left alone.
 */
export interface DirTimes {
  /** Sees every pair that is walked over. @returns what is to be done at once */
  seen(judged: Judged): readonly SetDirTime[]
  /** Sees every action that is taken. */
  changes(action: Action): void
  /** The times to set, deepest first, with everything before settled. */
  actions(): Generator<readonly Action[]>
}

/** For a destination whose directories have no times, or where they are to be left alone. */
export const noDirTimes: DirTimes = {
  seen: () => [],
  changes: () => undefined,
  *actions() {
    // nothing to set
  },
}

/**
 * @param o `updates`: not `--no-update-dir-modtime`, which lets directories alone that are not made for their own sake;
 * `unlisted`: what seems missing in the destination may be there
 */
export function createDirTimes(o: {
  readonly createEmptySrcDirs: boolean
  readonly metadata: boolean
  readonly updates: boolean
  readonly unlisted: boolean
}): DirTimes {
  // Little of each, for there may be very many
  const dirs: SeenDir[] = []
  const filled = new Set<Path>()
  const holding = new Set<Path>()
  const changed = new Set<Path>()
  const made = new Set<Path>()
  return {
    seen({ pair, verdict }) {
      if (o.unlisted && pair.kind === 'file' && pair.source) holding.add(parent(pair.target))
      if (pair.kind !== 'dir' || pair.source?.modified === undefined) return []
      const dir = seenDir(pair, pair.source.path, pair.source.modified)
      if (o.updates) dirs.push(dir)
      const wholly = o.metadata && o.createEmptySrcDirs
      if (!dir.there || verdict !== 'time' || !(o.updates || wholly)) return []
      return [setTime(dir, { known: true, early: true, told: wholly ? 'metadata' : 'time' })]
    },
    changes(action) {
      if (action.kind === 'make-dir') made.add(action.target)
      const where = action.kind === 'make-dir' || action.kind === 'transfer' ? filled : changed
      for (const path of changedPaths(action)) where.add(parent(path))
    },
    *actions() {
      for (const level of deepestFirst(dirs)) {
        const actions: SetDirTime[] = []
        for (const dir of level) {
          const isMade = made.has(dir.target)
          const isFilled = isMade || filled.has(dir.target)
          if (!isFilled && !changed.has(dir.target) && (dir.there || !holding.has(dir.target))) continue
          // rclone sets all directories above what it has put somewhere, and leaves one that it deleted from to the next run
          if (isFilled) filled.add(parent(dir.target))
          else if (!dir.there) changed.add(parent(dir.target))
          const told = !isFilled && dir.there ? 'nothing' : o.metadata ? 'metadata' : 'time'
          actions.push(setTime(dir, { known: dir.there || isMade, early: false, told }))
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
  readonly from: Path
  readonly target: Path
  /** The source's. */
  readonly modified: Time
  /** The destination has it. */
  readonly there: boolean
  readonly size: number | undefined
}

function seenDir({ wanted, target, dest }: DirPair, from: Path, modified: Time): SeenDir {
  return { path: wanted, from, target, modified, there: dest !== undefined, size: dest?.size }
}

function setTime(
  { path, from, target, modified, size }: SeenDir,
  how: Pick<SetDirTime, 'known' | 'early' | 'told'>,
): SetDirTime {
  return { kind: 'set-dir-time', path, from, target, modified, size, ...how }
}
