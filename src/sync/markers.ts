import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { matchKey } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { basename, join } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { listOne } from '../operations/list-one.ts'
import { mapConcurrent } from '../util/async.ts'

/** Both sides' entries of one directory. */
export interface Sides {
  readonly source: readonly Entry[]
  readonly dest: readonly Entry[]
}

/** Leaves out directories that hold a marker file of `--exclude-if-present`. */
export interface Markers {
  /** Whether a directory has a marker itself. */
  marked(remote: Remote, dir: Path): Promise<boolean>
  /**
   * The sides without the directories that are marked. What is left out of the source is left alone in the destination;
   * what only the destination marks is as if it were not there: it is copied to, and nothing in it is deleted.
   */
  without(sides: Sides): Promise<Sides>
}

/** For no markers at all. */
const none: Markers = { marked: () => Promise.resolve(false), without: (sides) => Promise.resolve(sides) }

/**
 * @param markers names of files
 * @param o how the destination tells names apart; `destUnfiltered` where the markers have no say in the destination
 */
export function createMarkers(
  ctx: Context,
  markers: readonly string[],
  o: {
    readonly source: Remote
    readonly dest: Remote
    readonly names: { readonly caseInsensitive: boolean; readonly normalise: boolean }
    readonly destUnfiltered: boolean
  },
): Markers {
  if (markers.length === 0) return none
  const marked = async (remote: Remote, dir: Path): Promise<boolean> => {
    for (const name of markers)
      if ((await listOne(ctx, { remote, path: join(dir, name) }))?.kind === 'file') return true
    return false
  }
  const markedNames = async (remote: Remote, entries: readonly Entry[]): Promise<readonly string[]> => {
    const dirs = entries.filter(({ kind }) => kind === 'dir')
    const found = await mapConcurrent(dirs, ctx.limits.checks.limit, ({ path }) => marked(remote, path))
    return dirs.filter((_, i) => found[i]).map(({ path }) => keyOf(path))
  }
  const keyOf = (path: Path): string => matchKey(basename(path), o.names)
  return {
    marked,
    async without({ source, dest }) {
      const inSource = new Set(await markedNames(o.source, source))
      const unmarked = (entries: readonly Entry[], marks: ReadonlySet<string>): readonly Entry[] =>
        entries.filter(({ kind, path }) => kind === 'file' || !marks.has(keyOf(path)))
      const kept = unmarked(source, inSource)
      if (o.destUnfiltered) return { source: kept, dest }
      return { source: kept, dest: unmarked(dest, new Set([...inSource, ...(await markedNames(o.dest, dest))])) }
    },
  }
}
