import type { Context } from '../core/context.ts'
import type { Path } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'

/**
 * Removes an empty directory, saying `FS: Removing directory` first (rclone's surface §1.4).
 * @throws StorageError 'not-empty', 'dir-not-found'
 */
export async function rmdir(ctx: Context, location: Location, gate: Gate = openGate): Promise<void> {
  await removeDir(ctx, location, { shown: '', gate })
}

/**
 * Removes an empty directory of a tree.
 * @param o `shown`: its path as seen from the root of the tree; '' is the root, which is called by its description
 * @returns whether it is gone, or would be in a dry run's eyes
 * @throws StorageError as {@link rmdir} does
 */
export async function removeDir(
  ctx: Context,
  { remote, path }: Location,
  o: { readonly shown: Path; readonly gate: Gate },
): Promise<'removed' | 'skipped' | 'quit'> {
  const object = o.shown === '' ? remote.facts(path).description : o.shown
  const decision = await o.gate({ action: 'remove directory', object })
  if (decision === 'quit') return 'quit'
  if (decision === 'do') {
    ctx.log.log({ level: 'INFO', object, text: 'Removing directory' })
    await remote.rmdir(path, { signal: ctx.signal })
  }
  ctx.report({ type: 'dir-deleted', path: o.shown })
  return decision === 'do' ? 'removed' : 'skipped'
}
