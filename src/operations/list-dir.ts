import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { comparePaths, parent } from '../core/path.ts'
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

/**
 * A lister for the tree below `root`: with one recursive listing, which is kept in memory, where `recursive` asks for it
 * and the remote has it; else directory by directory.
 */
export function createLister(
  ctx: Context,
  { remote, path }: { readonly remote: Remote; readonly path: Path },
  o: ListDirOptions & { readonly recursive: boolean },
): Lister {
  if (!o.recursive || !remote.listAll) return (dir) => listDir(ctx, remote, dir, o)
  let tree: Promise<ReadonlyMap<Path, Entry[]>> | undefined
  return async (dir) => {
    tree ??= loadTree(ctx, remote.listAll?.(path, { signal: ctx.signal, onError: o.onEntryError }) ?? [])
    return sorted((await tree).get(dir) ?? [])
  }
}

async function loadTree(
  ctx: Context,
  pages: AsyncIterable<readonly Entry[]> | Iterable<readonly Entry[]>,
): Promise<ReadonlyMap<Path, Entry[]>> {
  const tree = new Map<Path, Entry[]>()
  for await (const page of pages) {
    ctx.report({ type: 'listed', entries: page.length })
    for (const entry of page) {
      const dir = parent(entry.path)
      const siblings = tree.get(dir)
      if (siblings) siblings.push(entry)
      else tree.set(dir, [entry])
    }
  }
  return tree
}

function sorted(entries: Entry[]): readonly Entry[] {
  return entries.sort((a, b) => comparePaths(a.path, b.path))
}
