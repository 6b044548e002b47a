import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { comparePaths } from '../core/path.ts'
import type { ListOptions, Remote } from '../core/remote.ts'

export interface ListDirOptions extends Pick<ListOptions, 'wanted'> {
  /** Told of single entries that could not be looked at; the listing is given without them. */
  readonly onEntryError: (error: StorageError) => void
}

/**
 * One directory, whole and sorted by path; counts as one of `ctx.limits.checks`.
 * @throws StorageError 'dir-not-found'
 */
export async function listDir(ctx: Context, remote: Remote, dir: Path, o: ListDirOptions): Promise<readonly Entry[]> {
  const options = { signal: ctx.signal, onError: o.onEntryError, wanted: o.wanted }
  const entries: Entry[] = []
  await ctx.limits.checks.run(async () => {
    for await (const page of remote.list(dir, options)) {
      ctx.report({ type: 'listed', entries: page.length })
      for (const entry of page) entries.push(entry)
    }
  }, ctx.signal)
  return sorted(entries)
}

/** Lists directories of one tree. */
export type Lister = (dir: Path) => Promise<readonly Entry[]>

function sorted(entries: Entry[]): readonly Entry[] {
  return entries.sort((a, b) => comparePaths(a.path, b.path))
}
