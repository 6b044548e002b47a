import type { Context } from '../core/context.ts'
import type { Path } from '../core/path.ts'

/** Does something that counts as a check in the stats, as rclone's deletions and moves into a backup do. */
export async function asCheck<T>(ctx: Context, path: Path, work: () => Promise<T>): Promise<T> {
  ctx.report({ type: 'check-planned', path })
  ctx.report({ type: 'check-started', path })
  try {
    return await work()
  } finally {
    ctx.report({ type: 'check-done', path })
  }
}
