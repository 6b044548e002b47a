import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { basename, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Failures } from '../operations/failures.ts'
import { explore } from '../util/explore.ts'
import type { Markers } from './markers.ts'
import { createMarkers } from './markers.ts'
import type { LookAlikes } from './look-alikes.ts'
import { findLookAlikes, noLookAlikes } from './look-alikes.ts'
import type { Sides } from './match.ts'
import { looseSlotKey, matchEntries } from './match.ts'
import type { MarchOptions } from './options.ts'
import { levelsOf } from './options.ts'
import type { DirPair, Pair } from './pair.ts'
import type { DirOnBothSides } from './sides.ts'
import { createSidesReader } from './sides.ts'

/** What the walk over two trees is told. */
export interface MarchDuty extends MarchOptions {
  readonly failures: Failures
  /** 'both' to look into directories too that only the destination has. */
  readonly descend?: 'source' | 'both'
  /**
   * Each side is filtered by itself: what is left out of one is missing there. Else what a marker leaves out of the source is left
   * alone in the destination, and what is left out of the destination alone is compared with what the source has.
   */
  readonly filteredApart?: boolean | undefined
  /** Told of a file of the source that was left out because the destination takes its name for another's. */
  readonly onCollision?: (() => void) | undefined
}

/**
 * Walks two trees side by side, directory by directory, and gives what belongs together in pages: one directory a page,
 * the directories in any order, as many listed at once as `ctx.limits.checks` lets and never more of them in memory.
 * A directory that cannot be listed is reported and left out with all below it.
 * @throws StorageError where the source's root cannot be listed, after what the destination's has; it has been reported
 */
export async function* march(
  ctx: Context,
  source: Location,
  dest: Location,
  o: MarchDuty,
): AsyncGenerator<readonly Pair[]> {
  const maxDepth = levelsOf(o)
  const { caseInsensitive, caseUnknown, linkSuffix } = dest.remote.facts(dest.path)
  const names = {
    caseInsensitive: caseInsensitive || o.ignoreCaseSync === true,
    normalise: o.noUnicodeNormalization !== true,
  }
  const reader = createSidesReader(ctx, { source, dest }, { ...o, names })
  const destUnfiltered = o.filter?.deleteExcluded === true
  const { filteredApart = false } = o
  const among = {
    source: source.remote,
    dest: dest.remote,
    names,
    destUnfiltered,
    filteredApart,
    onError: reader.blame,
  }
  const markers = createMarkers(ctx, o.filter?.excludeIfPresent ?? [], among)
  const onDuplicate = duplicateListener(ctx, source, dest, o)
  const lookAlikes = async (sides: Sides, dir: Visit): Promise<LookAlikes | undefined> => {
    if (!(caseInsensitive || caseUnknown) || filteredApart) return noLookAlikes
    const listed = !o.noTraverse && !o.noCheckDest && !dir.sealed && !o.filter?.files
    try {
      return await findLookAlikes(ctx, sides, { names, remote: dest.remote, target: dir.target, listed })
    } catch (error) {
      reader.blame('dest', dir.target, error)
      return undefined
    }
  }
  const descends = (pair: Pair): pair is DirPair =>
    pair.kind === 'dir' && (pair.source !== undefined || o.descend === 'both')

  let end: (() => void) | undefined
  const visit = async (dir: Visit): Promise<{ result: readonly Pair[]; next: readonly Visit[] }> => {
    ctx.stop.throwIfAborted()
    const sides = await reader.read(dir)
    if (!sides) return { result: [], next: [] }
    const kept = await markers.without(sides)
    const alike = await lookAlikes(kept, dir)
    if (!alike) return { result: [], next: [] }
    const result = matchEntries(kept, {
      ...dir,
      names,
      linkSuffix,
      one: alike.one,
      onDuplicate: onDuplicate(alike, kept.nameOf),
    })
    end = sides.end
    if (end) return { result, next: [] }
    const seals = (pair: DirPair): boolean => dir.sealed || kept.hidden.has(pair.target)
    const next = (pair: DirPair): Visit =>
      visitOf(pair, dir.depth + 1, { noTraverse: o.noTraverse, sealed: seals(pair) })
    if (dir.depth < maxDepth) return { result, next: result.filter(descends).map(next) }
    // What is too deep is excluded, and goes with all else that is (rclone's surface §4.3)
    const excluded = destUnfiltered && o.descend === 'both' ? result.filter(onlyInDest) : []
    return { result, next: excluded.map(next) }
  }
  try {
    const root = await rootVisit(markers, { source, dest }, { destUnfiltered, filteredApart })
    if (!root) return
    for await (const page of explore<Visit, readonly Pair[]>(root, ctx.limits.checks.limit, visit)) {
      if (page.length > 0) yield page
      end?.()
    }
  } finally {
    reader.close()
  }
}

interface Visit extends DirOnBothSides {
  /** As seen from the destination. */
  readonly wanted: Path
  /** Where the directory is or would be in the destination. */
  readonly target: Path
  readonly depth: number
  readonly contested?: boolean | undefined
  readonly sealed: boolean
}

function onlyInDest(pair: Pair): pair is DirPair {
  return pair.kind === 'dir' && pair.source === undefined
}

/** Where the walk begins; undefined: a marker leaves out all there is. */
async function rootVisit(
  markers: Markers,
  { source, dest }: { readonly source: Location; readonly dest: Location },
  { destUnfiltered, filteredApart }: { readonly destUnfiltered: boolean; readonly filteredApart: boolean },
): Promise<Visit | undefined> {
  const marked = await markers.marked('source', source.path)
  if (marked === undefined || (marked && !filteredApart)) return undefined
  const hidden = !destUnfiltered && (await markers.marked('dest', dest.path))
  if (hidden === undefined) return undefined
  return {
    path: '',
    wanted: '',
    source: marked ? undefined : source.path,
    dest: hidden && filteredApart ? undefined : dest.path,
    target: dest.path,
    depth: 1,
    sealed: hidden && !filteredApart,
  }
}

/** @param o `noTraverse`, `sealed`: what seems missing in the destination may be there */
function visitOf(
  { source, dest, ...pair }: DirPair,
  depth: number,
  { noTraverse, sealed }: { readonly noTraverse: boolean | undefined; readonly sealed: boolean },
): Visit {
  const { path, wanted, target, contested } = pair
  const there = noTraverse || sealed ? target : dest?.path
  return { path, wanted, target, depth, contested, sealed, source: source?.path, dest: there }
}

/** Nothing of the source is passed over in silence: a second name that the destination cannot tell apart is an error. */
function duplicateListener(ctx: Context, source: Location, dest: Location, o: MarchDuty) {
  const ignore = (entry: Entry, path: Path, side: 'source' | 'destination'): boolean => {
    const kind = entry.kind === 'file' ? 'object' : 'directory'
    ctx.log.log({ level: 'NOTICE', object: path, text: `Duplicate ${kind} found in ${side} - ignoring` })
    return false
  }
  return ({ unsure }: LookAlikes, nameOf: Sides['nameOf']) =>
    (side: 'source' | 'dest', entry: Entry, kept: Entry): boolean => {
      if (side === 'dest') return ignore(entry, relative(entry.path, dest.path), 'destination')
      const path = relative(entry.path, source.path)
      if (o.nameCollisions === 'skip') return ignore(entry, path, 'source')
      const sure = !unsure.has(looseSlotKey(kept, nameOf(kept)))
      if (sure && entry.kind === 'file') o.onCollision?.()
      o.failures.add(path, 'Left out', sure ? collision(path, kept) : doubt(path, kept))
      return true
    }
}

/** The error for a name of the source that another one has too, once both are in the destination. */
export function collision(path: Path, kept: Entry): StorageError {
  const message = `the source also has "${basename(kept.path)}", which is the same name in the destination`
  const details = { path, hint: 'rename one of them' }
  return new StorageError('exists', message, { retry: 'never', details })
}

/** The error for such a name of which nobody can tell before the other one is there. */
function doubt(path: Path, kept: Entry): StorageError {
  const message = `the source also has "${basename(kept.path)}", which may be the same name in the destination`
  const details = { path, hint: 'Run it again: when that one is there, it shows.' }
  return new StorageError('exists', message, { retry: 'later', details })
}
