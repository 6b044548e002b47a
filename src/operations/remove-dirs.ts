import type { Context } from '../core/context.ts'
import type { Path } from '../core/path.ts'
import { messageOf } from '../core/errors.ts'
import { join, parent } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { mapConcurrent } from '../util/async.ts'
import type { Failures } from './failures.ts'
import { again } from './failures.ts'
import type { Gate } from './gate.ts'
import { deepestFirst } from './levels.ts'
import { removeDir } from './rmdir.ts'

/** Directories of a tree, by their paths as seen from its root, which is ''. */
export interface DirsToRemove {
  readonly dirs: readonly { readonly path: Path }[]
  /** Those that stay. */
  readonly kept: ReadonlySet<Path>
}

/** Notes that `dir` and all directories above it stay. */
export function keep(kept: Set<Path>, dir: Path): void {
  for (let path = dir; !kept.has(path); path = parent(path)) kept.add(path)
}

/**
 * Removes directories that nothing is in, deepest first; what cannot be removed is reported, and what lies above it is
 * tried all the same.
 * @throws StorageError at the end, where any could not be removed
 */
export async function removeDirs(
  ctx: Context,
  { remote, path: root }: Location,
  { dirs, kept, gate, failures }: DirsToRemove & { readonly gate: Gate; readonly failures: Failures },
): Promise<void> {
  const failed: unknown[] = []
  let quit = false
  const remove = async ({ path }: { readonly path: Path }): Promise<void> => {
    if (quit || kept.has(path)) return
    try {
      const outcome = await removeDir(ctx, { remote, path: join(root, path) }, { shown: path, gate })
      quit ||= outcome === 'quit'
    } catch (error) {
      failures.add(path, 'Failed to rmdir', error)
      failed.push(error)
    }
  }
  for (const level of deepestFirst(dirs)) await mapConcurrent(level, ctx.limits.checks.limit, remove)
  if (failed.length === 0) return
  const last = failed.at(-1)
  const count = failed.length > 1 ? `${failed.length} errors: last error: ` : ''
  throw again(last, `failed to remove directories: ${count}${messageOf(last)}`)
}
