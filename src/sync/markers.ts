import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { holdsAny } from '../operations/sieve.ts'
import { mapConcurrent } from '../util/async.ts'
import type { NameRules, Sides } from './match.ts'
import { ownName, slotKey } from './match.ts'

/** Leaves out directories that hold a marker file of `--exclude-if-present`. */
export interface Markers {
  /** Whether a directory has a marker itself. */
  marked(remote: Remote, dir: Path): Promise<boolean>
  /**
   * The sides without the directories that are marked. What is left out of the source is left alone in the destination, unless
   * they are filtered apart.
   */
  without(sides: Sides): Promise<UnmarkedSides>
}

interface UnmarkedSides extends Sides {
  /** The paths of what only the destination marks: it is copied to, and nothing in it is deleted. */
  readonly hidden: ReadonlySet<Path>
}

const nothing: ReadonlySet<Path> = new Set()

/** For no markers at all. */
const none: Markers = {
  marked: () => Promise.resolve(false),
  without: (sides) => Promise.resolve({ ...sides, hidden: nothing }),
}

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
    readonly names: NameRules
    readonly destUnfiltered: boolean
    readonly filteredApart: boolean
  },
): Markers {
  if (markers.length === 0) return none
  const marked = (remote: Remote, dir: Path): Promise<boolean> => holdsAny(ctx, { remote, path: dir }, markers)
  const markedDirs = async (remote: Remote, entries: readonly Entry[]): Promise<readonly Entry[]> => {
    const dirs = entries.filter(({ kind }) => kind === 'dir')
    const found = await mapConcurrent(dirs, ctx.limits.checks.limit, ({ path }) => marked(remote, path))
    return dirs.filter((_, i) => found[i])
  }
  return {
    marked,
    async without({ source, dest, nameOf }) {
      const keyOf = (entry: Entry): string => slotKey(entry, nameOf(entry), o.names)
      const ownKey = (entry: Entry): string => slotKey(entry, ownName(entry), o.names)
      const left = new Set((await markedDirs(o.source, source)).map(keyOf))
      const kept = source.filter((entry) => !left.has(keyOf(entry)))
      if (o.destUnfiltered) return { source: kept, dest, nameOf, hidden: nothing }
      const out = new Set(await markedDirs(o.dest, dest))
      const stays = (entry: Entry): boolean => !out.has(entry) && (o.filteredApart || !left.has(ownKey(entry)))
      const hidden = o.filteredApart ? nothing : new Set([...out].map(({ path }) => path))
      return { source: kept, dest: dest.filter(stays), nameOf, hidden }
    },
  }
}
