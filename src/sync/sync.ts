import type { Context } from '../core/context.ts'
import { isStorageError, StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { createDeletionGuard } from '../operations/deletion-guard.ts'
import { endsEverything } from '../operations/failures.ts'
import type { SyncOptions } from './options.ts'
import type { OutcomeListener } from './outcome.ts'
import { checkBackupDir, refuseOverlap } from './overlap.ts'
import { refuseContradictions } from './run.ts'
import { syncTrees } from './trees.ts'

/**
 * Makes the tree below `dest` what the one below `source` is: as `copyDir`, and what only the destination has is deleted,
 * unless anything went wrong (rclone's surface §5.3).
 * @throws StorageError 'fatal' for places that overlap and options that exclude each other; 'delete-limit'; as `copyDir`
 */
export async function syncDir(ctx: Context, source: Location, dest: Location, o: SyncOptions = {}): Promise<void> {
  refuseOverlap(source, dest, o)
  if (o.backupDir) checkBackupDir({ source, dest, backup: o.backupDir }, o.filter)
  if (o.noTraverse && !o.filter?.files) ctx.log.log({ level: 'ERROR', text: 'Ignoring --no-traverse with sync' })
  const options = { ...o, noTraverse: false }
  if (o.deleteMode !== 'before') {
    const when = o.trackRenames ? 'after' : (o.deleteMode ?? 'after')
    return await syncTrees(ctx, { source, dest, move: false, deletion: when }, options)
  }
  if (o.trackRenames) throw new StorageError('fatal', "can't use --delete-before with --track-renames")
  await deletionsFirst(ctx, { source, dest }, { ...options, used: o.used ?? { bytes: 0, since: undefined } })
}

/** A pass that deletes and one that copies, which follows a first that had errors too: what can be copied is. */
async function deletionsFirst(
  ctx: Context,
  { source, dest }: { readonly source: Location; readonly dest: Location },
  o: SyncOptions,
): Promise<void> {
  refuseContradictions(true, o)
  let failure: { readonly error: unknown } | undefined
  let noSource = false
  const toldOf = new Set<Path>()
  const guard = createDeletionGuard(o)
  // What is there afterwards is for the second pass to tell
  const tell = o.onOutcome
  const onOutcome: OutcomeListener | undefined = tell && ((outcome) => outcome.kind !== 'after' && tell(outcome))
  let deletion: 'after' | undefined
  const onPartials = (): void => void (deletion = 'after')
  try {
    const onNoSource = (): void => void (noSource = true)
    const errand = { source, dest, move: false, deletion: 'before' as const, toldOf, guard, onNoSource, onPartials }
    await syncTrees(ctx, errand, { ...o, onOutcome })
  } catch (error) {
    const refused = isStorageError(error, 'delete-limit') && !o.ignoreErrors
    if (noSource || refused || endsEverything(error) || ctx.signal.aborted) throw error
    failure = { error }
  }
  if (failure && !o.ignoreErrors) deletion = undefined
  try {
    await syncTrees(ctx, { source, dest, move: false, deletion, toldOf, guard }, o)
  } catch (error) {
    if (!failure || endsEverything(error) || ctx.signal.aborted) throw error
  }
  if (failure) throw failure.error
}
