import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { comparePaths } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'

export interface ListDirOptions {
  /** Told of single entries that could not be looked at; the listing is given without them. */
  readonly onEntryError: (error: StorageError) => void
}

/**
 * One directory, whole and sorted by path; counts as one of `ctx.limits.checks`.
 * @throws StorageError 'dir-not-found'
 */
export async function listDir(ctx: Context, remote: Remote, dir: Path, o: ListDirOptions): Promise<readonly Entry[]> {
  const pages = (): AsyncIterable<readonly Entry[]> => remote.list(dir, { signal: ctx.signal, onError: o.onEntryError })
  const entries: Entry[] = []
  await ctx.limits.checks.run(async () => {
    for await (const page of pages()) {
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
