import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import { deepestFirst } from '../../operations/levels.ts'
import type { Action, SetDirTime } from '../action.ts'
import type { DirPair, Judged } from '../pair.ts'

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
  const dirs = new Map<Path, Judged & { readonly pair: DirPair }>()
  const filled = new Set<Path>()
  const changed = new Set<Path>()
  const made = new Set<Path>()
  return {
    seen({ pair, verdict }) {
      if (!pair.source) return
      filled.add(parent(pair.path))
      if (pair.kind === 'dir') dirs.set(pair.path, { pair, verdict })
    },
    changes(action) {
      if (action.kind === 'make-dir') made.add(action.path)
      for (const path of changedPaths(action)) changed.add(parent(path))
    },
    *actions() {
      for (const level of deepestFirst(
        [...dirs.values()].map(({ pair, verdict }) => ({ path: pair.path, pair, verdict })),
      )) {
        const actions: SetDirTime[] = []
        for (const { pair, verdict } of level) {
          const touched = changed.has(pair.path) || made.has(pair.path)
          if (!pair.dest && touched) changed.add(parent(pair.path))
          const wanted = touched || (verdict === 'time' && (o.createEmptySrcDirs || filled.has(pair.path)))
          const action = wanted ? setDirTime(pair, made.has(pair.path)) : undefined
          if (action) actions.push(action)
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
      return []
  }
}

function setDirTime({ path, target, source, dest }: DirPair, made: boolean): SetDirTime | undefined {
  if (source?.modified === undefined) return undefined
  return { kind: 'set-dir-time', path, target, modified: source.modified, dest, made }
}
