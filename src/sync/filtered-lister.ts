import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import { basename, join, parent, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import type { Failures } from '../operations/failures.ts'
import type { Lister } from '../operations/list-dir.ts'
import { listOne } from '../operations/list-one.ts'
import type { OnListedError } from '../operations/look-up.ts'
import { lookUpListed, mustExist } from '../operations/look-up.ts'
import type { Sifted } from '../operations/sieve.ts'
import { createSieve } from '../operations/sieve.ts'
import { mapConcurrent } from '../util/async.ts'

/**
 * A lister that gives what a filter lets through: it keeps files and directories by the filter's rules, and looks the files
 * of `--files-from` up one by one instead of listing (rclone's surface §4.1). Directories with a marker of
 * `excludeIfPresent` are still there: see `createMarkers`.
 */
export function filteredLister(
  ctx: Context,
  location: Location,
  filter: Filter | undefined,
  { list, failures }: { readonly list: Lister; readonly failures: Failures },
): Lister {
  if (!filter) return list
  if (filter.files) return lookUpLister(ctx, location, { filter, files: filter.files, failures })
  return async (dir) => (await sift(ctx, location, filter, await list(dir))).kept
}

/** Tells what a filter lets through from what it leaves out, by the paths that entries have at `location`. */
export function sift(
  ctx: Context,
  location: Location,
  filter: Filter | undefined,
  entries: readonly Entry[],
): Promise<Sifted> {
  if (!filter) return Promise.resolve({ kept: entries, left: [] })
  return createSieve(ctx, location, { ...filter, excludeIfPresent: [] }, () => undefined).sift(entries)
}

function lookUpLister(
  ctx: Context,
  { remote, path: root }: Location,
  {
    filter,
    files,
    failures,
  }: { readonly filter: Filter; readonly files: readonly Path[]; readonly failures: Failures },
): Lister {
  const listed = new Set(files)
  const onError: OnListedError = (path, what, error) => failures.aside(path, what, error)
  const find = (path: Path): Promise<Entry | undefined> => {
    const file = relative(path, root)
    if (!listed.has(file)) return listOne(ctx, { remote, path })
    return lookUpListed(ctx, { remote, path: root }, { file, filter, onError })
  }
  const inside = childrenByDir(files)
  return async (dir) => {
    const shown = relative(dir, root)
    if (shown === '') await mustExist(ctx, { remote, path: root })
    const children = [...(inside.get(shown) ?? [])]
    const found = await mapConcurrent(children, ctx.limits.checks.limit, ([name]) => find(join(dir, name)))
    return found.filter((entry, i): entry is Entry => entry !== undefined && children[i]?.[1].has(entry.kind) === true)
  }
}

/** For every directory above a listed file: the names in it and what they may be; a list may have `a` and `a/b`. */
function childrenByDir(files: readonly Path[]): ReadonlyMap<Path, ReadonlyMap<string, ReadonlySet<Entry['kind']>>> {
  const dirs = new Map<Path, Map<string, Set<Entry['kind']>>>()
  const add = (path: Path, kind: Entry['kind']): void => {
    const dir = parent(path)
    const names = dirs.get(dir) ?? new Map<string, Set<Entry['kind']>>()
    const known = names.get(basename(path))
    names.set(basename(path), known ? known.add(kind) : new Set([kind]))
    dirs.set(dir, names)
    if (dir !== '' && !known) add(dir, 'dir')
  }
  for (const file of files) add(file, 'file')
  return dirs
}
