import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { matchKey } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { basename } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { holdsAny } from '../operations/sieve.ts'
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
  /** The sides without the directories that are marked on either side: what is left out of one is left alone on the other. */
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
  const marked = (remote: Remote, dir: Path): Promise<boolean> => holdsAny(ctx, { remote, path: dir }, markers)
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
      if (o.destUnfiltered)
        return { source: source.filter((entry) => entry.kind === 'file' || !inSource.has(keyOf(entry.path))), dest }
      const left = new Set([...inSource, ...(await markedNames(o.dest, dest))])
      const kept = (entry: Entry): boolean => entry.kind === 'file' || !left.has(keyOf(entry.path))
      return { source: source.filter(kept), dest: dest.filter(kept) }
    },
  }
}
