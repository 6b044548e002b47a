import type { Context } from '../core/context.ts'
import type { Entry, FileEntry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { join, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import { mapConcurrent } from '../util/async.ts'
import { listOne } from './list-one.ts'

/** Takes out of a listing what a filter leaves out. */
export interface Sieve {
  /** Whether the directory holds a marker, which leaves it out with all below it; the root too. */
  isMarked(dir: Path): Promise<boolean>
  /** The entries that stay, in their order: files by all rules, directories by those that say what is looked into. */
  keep(entries: readonly Entry[]): Promise<readonly Entry[]>
  /** The same, and those that do not stay. */
  sift(entries: readonly Entry[]): Promise<Sifted>
}

/** What a filter lets through, and what it leaves out. */
export interface Sifted {
  readonly kept: readonly Entry[]
  readonly left: readonly Entry[]
}

/**
 * A sieve for what is listed below `location`.
 * @param onDirError told of a directory of which it cannot be found out whether it holds a marker; it is left out
 * @throws StorageError, from `keep` and `sift`, 'unsupported' where the filter asks for metadata and the remote has none
 */
export function createSieve(
  ctx: Context,
  { remote, path: root }: Location,
  filter: Filter,
  onDirError: (dir: Path, error: unknown) => void,
): Sieve {
  const isMarked = (dir: Path): Promise<boolean> => holdsAny(ctx, { remote, path: dir }, filter.excludeIfPresent)
  const isUnmarked = async (dir: Path): Promise<boolean> => {
    try {
      return !(await isMarked(dir))
    } catch (error) {
      onDirError(dir, error)
      return false
    }
  }
  const includesFile = (entry: FileEntry, metadata?: Readonly<Record<string, string>>): boolean =>
    filter.includesFile({ ...entry, path: relative(entry.path, root), metadata })
  const includes = async (entry: Entry): Promise<boolean> => {
    if (entry.kind === 'dir') return filter.includesDir(relative(entry.path, root)) && (await isUnmarked(entry.path))
    return includesFile(
      entry,
      filter.needsMetadata ? await remote.metadata?.(entry, { signal: ctx.signal }) : undefined,
    )
  }
  const asks = (entry: Entry): boolean =>
    entry.kind === 'file' ? filter.needsMetadata : filter.excludeIfPresent.length > 0
  const includesAtOnce = (entry: Entry): boolean =>
    entry.kind === 'file' ? includesFile(entry) : filter.includesDir(relative(entry.path, root))

  const sift = async (entries: readonly Entry[]): Promise<Sifted> => {
    const stays = entries.some(asks)
      ? await mapConcurrent(entries, ctx.limits.checks.limit, includes)
      : entries.map(includesAtOnce)
    return { kept: entries.filter((_, at) => stays[at]), left: entries.filter((_, at) => !stays[at]) }
  }
  return { isMarked, sift, keep: async (entries) => (await sift(entries)).kept }
}

/**
 * Whether the filter may let through what could not be looked at: it may be a directory, unless it is known to be a link that
 * leads nowhere.
 * @param path as seen from the root
 */
export function mayConcern(filter: Filter | undefined, path: Path, error: StorageError): boolean {
  return filter?.includesPath(path) !== false || (!leadsNowhere(error) && filter.includesDir(path))
}

/** Whether an entry could not be looked at because it is a link to nothing. */
export function leadsNowhere({ code, details }: StorageError): boolean {
  return code === 'not-found' || details.system === 'ELOOP'
}

/** Whether a directory holds a file of one of these names. */
export async function holdsAny(ctx: Context, { remote, path }: Location, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    if ((await listOne(ctx, { remote, path: join(path, name) }))?.kind === 'file') return true
  }
  return false
}
