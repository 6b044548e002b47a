import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { comparePaths, join, parent } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { mapConcurrent } from '../util/async.ts'
import { listOne } from './list-one.ts'

/**
 * The named files below `location` that there are, and the directories above them, as a listing would give them: the
 * entries of a directory sorted and together. Nothing is listed; what is missing or no file is passed over
 * (rclone's surface §4.1, --files-from).
 * @param o `maxDepth`: levels to show; `onError` is told of what could not be looked at, `onMissing` where there is no such place
 */
export async function* lookUp(
  ctx: Context,
  { remote, path: root }: Location,
  o: {
    readonly files: readonly Path[]
    readonly maxDepth: number
    readonly onError: (path: Path, error: unknown) => void
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
  await mapConcurrent(o.files, ctx.limits.checks.limit, async (file) => {
    try {
      ctx.stop.throwIfAborted()
      const entry = await listOne(ctx, { remote, path: join(root, file) })
      if (entry?.kind === 'file') add(entry)
    } catch (error) {
      ctx.stop.throwIfAborted()
      o.onError(file, error)
    }
  })
  for (const [dir, entries] of dirs) {
    ctx.report({ type: 'listed', entries: entries.length })
    if (depthBelow(dir, root) < o.maxDepth) yield entries.sort((a, b) => comparePaths(a.path, b.path))
  }
}

/** @throws StorageError 'dir-not-found' where there is no such directory */
export async function mustExist(ctx: Context, root: Location): Promise<void> {
  const entry = root.path === '' ? undefined : await listOne(ctx, root)
  if (root.path !== '' && entry?.kind !== 'dir')
    throw new StorageError('dir-not-found', `${root.path}: directory not found`, { details: { path: root.path } })
}

/** How many levels `dir` lies below `root`; 0 for the root itself. */
function depthBelow(dir: Path, root: Path): number {
  return dir === root ? 0 : 1 + depthBelow(parent(dir), root)
}
