import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import { join, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Failures } from '../operations/failures.ts'
import type { Lister } from '../operations/list-dir.ts'
import { listOne } from '../operations/list-one.ts'
import type { NameTransform } from '../transform/name-transform.ts'
import { mapConcurrent } from '../util/async.ts'
import { filteredLister, sift } from './filtered-lister.ts'
import type { NameRules } from './match.ts'
import { ownName, slotKey } from './match.ts'
import type { Named } from './naming.ts'
import { nameEntries, unchanged } from './naming.ts'
import type { MarchOptions } from './options.ts'

/** Finds what a run is about in one directory. */
export interface Finder {
  source(dir: Path): Promise<Found>
  /**
   * @param source what was found in the same directory of the source; none where that failed
   * @param sealed only files of these names
   */
  dest(dir: Path, source: Promise<Found>, sealed: boolean): Promise<readonly Entry[]>
}

/** What was found, and what the filter has left out. */
export interface Found extends Named {
  readonly left: readonly Entry[]
}

interface FinderOptions extends MarchOptions {
  readonly listers: { readonly source: Lister; readonly dest: Lister }
  readonly names: NameRules
  readonly failures: Failures
  readonly filteredApart?: boolean | undefined
}

/**
 * Both sides have the same names, and the filter holds for both; but what it includes in the source is compared with what has
 * that name in the destination, though that may be of another size or age, unless `filteredApart`.
 */
export function plainFinder(
  ctx: Context,
  { source, dest }: { readonly source: Location; readonly dest: Location },
  { filter, listers, noTraverse, names, failures, filteredApart }: FinderOptions,
): Finder {
  const listSource = filteredLister(ctx, source, filter, { list: listers.source, failures })
  const destFilter = filter?.deleteExcluded ? undefined : filter
  const listListed = destFilter?.files && filteredLister(ctx, dest, destFilter, { list: listers.dest, failures })
  return {
    source: async (dir) => ({ ...unchanged(await listSource(dir)), left: [] }),
    async dest(dir, found, sealed) {
      if (noTraverse || sealed) return await lookUp(ctx, { remote: dest.remote, path: dir }, files(await found))
      if (listListed) return await listListed(dir)
      const { kept, left } = await sift(ctx, dest, destFilter, await listers.dest(dir))
      if (left.length === 0 || filteredApart) return kept
      const wanted = keysOf(files(await found), names)
      return [...kept, ...left.filter((entry) => wanted.has(slotKey(entry, ownName(entry), names)))]
    },
  }
}

/**
 * The source's entries have other names in the destination. The filter holds for names in the source: what stands for
 * one of its entries goes with that, and only what stands for none is filtered by its own name. Of a list of files only
 * those that are found in the source are looked up, so that a sync deletes nothing.
 */
export function renamingFinder(
  ctx: Context,
  { source, dest }: { readonly source: Location; readonly dest: Location },
  o: FinderOptions & { readonly nameTransform: NameTransform },
): Finder {
  const { filter, listers, noTraverse, nameTransform, names } = o
  const listed = filter?.files && filteredLister(ctx, source, filter, { list: listers.source, failures: o.failures })
  const report = (entry: Entry, error: unknown): void =>
    o.failures.add(relative(entry.path, source.path), 'Failed to transform', error)
  const keyOf = (entry: Entry): string => slotKey(entry, ownName(entry), names)

  /** Of entries that stand for none of what was found in the source. */
  const concerned = async (entries: readonly Entry[], left: readonly Entry[]): Promise<readonly Entry[]> => {
    const { kept } = await sift(ctx, dest, filter?.deleteExcluded ? undefined : filter, entries)
    if (kept.length === 0 || left.length === 0 || filter?.deleteExcluded) return kept
    const excluded = keysOf(await nameEntries(ctx, left, nameTransform, () => ctx.signal.throwIfAborted()), names)
    return kept.filter((entry) => !excluded.has(keyOf(entry)))
  }
  return {
    async source(dir) {
      const { kept, left } = listed
        ? { kept: await listed(dir), left: [] }
        : await sift(ctx, source, filter, await listers.source(dir))
      return { ...(await nameEntries(ctx, kept, nameTransform, report)), left }
    },
    async dest(dir, found, sealed) {
      const place = { remote: dest.remote, path: dir }
      if (noTraverse || sealed) return await lookUp(ctx, place, files(await found))
      if (listed && !filter?.deleteExcluded) return await lookUp(ctx, place, await found)
      const there = await listers.dest(dir)
      const wanted = keysOf(await found, names)
      const isWanted = (entry: Entry): boolean => wanted.has(keyOf(entry))
      const others = there.filter((entry) => !isWanted(entry))
      return [...there.filter(isWanted), ...(await concerned(others, (await found).left))]
    },
  }
}

function keysOf({ entries, nameOf }: Named, names: NameRules): ReadonlySet<string> {
  return new Set(entries.map((entry) => slotKey(entry, nameOf(entry), names)))
}

function files({ entries, nameOf }: Named): Named {
  return { entries: entries.filter(({ kind }) => kind === 'file'), nameOf }
}

/** What stands in a directory of the destination under the names of these entries. */
async function lookUp(ctx: Context, { remote, path }: Location, { entries, nameOf }: Named): Promise<readonly Entry[]> {
  const found = await mapConcurrent(entries, ctx.limits.checks.limit, (entry) =>
    listOne(ctx, { remote, path: join(path, nameOf(entry)) }, { bareLinks: entry.kind === 'file' }),
  )
  return found.filter((entry, i): entry is Entry => entry !== undefined && entry.kind === entries[i]?.kind)
}
