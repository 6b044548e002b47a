import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { comparePaths, join, parent } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import { mapConcurrent } from '../util/async.ts'
import { listOne } from './list-one.ts'

/**
 * The named files below `location` that there are, and the directories above them, as a listing would give them: the
 * entries of a directory sorted and together. Nothing is listed; what is missing or no file is passed over
 * (rclone's surface §4.1, --files-from).
 * @param o `filter`: has `files`; `maxDepth`: levels to show; `onMissing` is told where there is no such place
 */
export async function* lookUp(
  ctx: Context,
  { remote, path: root }: Location,
  o: {
    readonly filter: Filter
    readonly maxDepth: number
    readonly onError: OnListedError
    readonly onMissing: (error: unknown) => void
  },
): AsyncGenerator<readonly Entry[]> {
  try {
    await mustExist(ctx, { remote, path: root })
  } catch (error) {
    o.onMissing(error)
    return
  }
  const dirs = new Map<Path, Entry[]>()
  const add = (entry: Entry): void => {
    const dir = parent(entry.path)
    const siblings = dirs.get(dir)
    if (siblings) return void siblings.push(entry)
    dirs.set(dir, [entry])
    if (dir !== root) add({ kind: 'dir', path: dir })
  }
  await mapConcurrent(o.filter.files ?? [], ctx.limits.checks.limit, async (file) => {
    try {
      ctx.stop.throwIfAborted()
      const entry = await lookUpListed(ctx, { remote, path: root }, { ...o, file })
      if (entry?.kind === 'file') add(entry)
    } catch (error) {
      ctx.stop.throwIfAborted()
      o.onError(file, 'Listing error', error)
    }
  })
  for (const [dir, entries] of dirs) {
    ctx.report({ type: 'listed', entries: entries.length })
    if (depthBelow(dir, root) < o.maxDepth) yield entries.sort((a, b) => comparePaths(a.path, b.path))
  }
}

/** Told of a listed file that could not be looked at. @param what what failed, for the log */
export type OnListedError = (path: Path, what: string, error: unknown) => void

/**
 * What stands under the name of a file of `--files-from`; undefined for nothing.
 * @param o `onError`: told of a broken link that is to be followed, and of a directory where the filter refuses those
 */
export async function lookUpListed(
  ctx: Context,
  { remote, path: root }: Location,
  { file, filter, onError }: { readonly file: Path; readonly filter: Filter; readonly onError: OnListedError },
): Promise<Entry | undefined> {
  const path = join(root, file)
  const entry = await listOne(ctx, { remote, path }, { onError: (error) => onError(file, 'Listing error', error) })
  if (entry?.kind !== 'dir' || !filter.refusesDirs) return entry
  const error = new StorageError('is-dir', 'is a directory not a file', { details: { path } })
  onError(file, '--files-from failed to read file', error)
  return entry
}

/** @throws StorageError 'dir-not-found' where there is no such directory; 'not-dir' where it is a link to a file */
export async function mustExist(ctx: Context, root: Location): Promise<void> {
  if (root.path === '' || (await listOne(ctx, root))?.kind === 'dir') return
  const options = { signal: ctx.signal, onError: () => undefined, wanted: () => false }
  // A link that is named leads to a directory all the same
  for await (const _ of root.remote.list(root.path, options)) return
}

/** How many levels `dir` lies below `root`; 0 for the root itself. */
function depthBelow(dir: Path, root: Path): number {
  return dir === root ? 0 : 1 + depthBelow(parent(dir), root)
}
