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
    readonly names: NameRules
    readonly destUnfiltered: boolean
    /** Told of a directory of which it cannot be found out; it is left out on both sides. */
    readonly onError: (side: Side, dir: Path, error: unknown) => void
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
  const lookAt = async (side: Side, entries: readonly Entry[], keyOf: (dir: Entry) => string) => {
    const [left, failed] = [new Set<string>(), new Set<string>()]
    const dirs = entries.filter(({ kind }) => kind === 'dir')
    await mapConcurrent(dirs, ctx.limits.checks.limit, async (dir) => {
      const isMarked = await marked(side, dir.path)
      if (isMarked !== false) (isMarked ? left : failed).add(keyOf(dir))
    })
    return { left, failed }
  }
  return {
    marked,
    async without({ source, dest, nameOf }) {
      const keyOf = (entry: Entry): string => slotKey(entry, nameOf(entry), o.names)
      const ownKey = (entry: Entry): string => slotKey(entry, ownName(entry), o.names)
      const here = await lookAt('source', source, keyOf)
      const there = await lookAt('dest', o.destUnfiltered ? [] : dest, ownKey)
      const failed = [...here.failed, ...there.failed]
      const fromSource = new Set([...failed, ...here.left])
      const fromDest = new Set([...failed, ...there.left, ...(o.destUnfiltered ? [] : here.left)])
      return {
        source: source.filter((entry) => !fromSource.has(keyOf(entry))),
        dest: dest.filter((entry) => !fromDest.has(ownKey(entry))),
        nameOf,
      }
    },
  }
}
