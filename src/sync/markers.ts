import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { holdsAny } from '../operations/sieve.ts'
import { mapConcurrent } from '../util/async.ts'
import type { NameRules, Sides } from './match.ts'
import { ownName, slotKey } from './match.ts'

type Side = 'source' | 'dest'

/** Leaves out directories that hold a marker file of `--exclude-if-present`. */
export interface Markers {
  /** Whether a directory has a marker itself; undefined where that cannot be found out, which has been told. */
  marked(side: Side, dir: Path): Promise<boolean | undefined>
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
    /** Told of a directory of which it cannot be found out; it is left out on both sides. */
    readonly onError: (side: Side, dir: Path, error: unknown) => void
    readonly filteredApart: boolean
  },
): Markers {
  if (markers.length === 0) return none
  const marked = async (side: Side, dir: Path): Promise<boolean | undefined> => {
    try {
      return await holdsAny(ctx, { remote: o[side], path: dir }, markers)
    } catch (error) {
      o.onError(side, dir, error)
      return undefined
    }
  }
  /** Of the directories of one side, those with a marker, and those of which it cannot be found out. */
  const lookAt = async (side: Side, entries: readonly Entry[]) => {
    const dirs = entries.filter(({ kind }) => kind === 'dir')
    const found = await mapConcurrent(dirs, ctx.limits.checks.limit, ({ path }) => marked(side, path))
    return { left: dirs.filter((_, i) => found[i] === true), failed: dirs.filter((_, i) => found[i] === undefined) }
  }
  return {
    marked,
    async without({ source, dest, nameOf }) {
      const keyOf = (entry: Entry): string => slotKey(entry, nameOf(entry), o.names)
      const ownKey = (entry: Entry): string => slotKey(entry, ownName(entry), o.names)
      const here = await lookAt('source', source)
      const there = await lookAt('dest', o.destUnfiltered ? [] : dest)
      const failed = [...here.failed.map(keyOf), ...there.failed.map(ownKey)]
      const fromSource = new Set([...failed, ...here.left.map(keyOf)])
      const alone = o.destUnfiltered || o.filteredApart ? [] : here.left
      const fromDest = new Set([...failed, ...alone.map(keyOf)])
      const out = new Set(there.left)
      return {
        source: source.filter((entry) => !fromSource.has(keyOf(entry))),
        dest: dest.filter((entry) => !out.has(entry) && !fromDest.has(ownKey(entry))),
        nameOf,
        hidden: o.filteredApart ? nothing : new Set(there.left.map(({ path }) => path)),
      }
    },
  }
}
