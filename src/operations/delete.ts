import type { Context } from '../core/context.ts'
import { isStorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { asCheck } from './as-check.ts'
import { createLane } from '../util/lane.ts'
import { feedLane } from './feed-lane.ts'
import type { Failures } from './failures.ts'
import { again, createFailures } from './failures.ts'
import type { FoundFile, Place } from './find-files.ts'
import { findFiles } from './find-files.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'
import type { WalkOptions } from './walk.ts'

export interface DeleteOptions extends WalkOptions {
  /** Default: do everything. */
  readonly gate?: Gate | undefined
}

/** What became of one file. */
export type DeleteOutcome = 'deleted' | 'skipped' | 'failed' | 'quit'

/**
 * Deletes the files of a place and leaves its directories; one file that cannot be deleted does not keep the others.
 * @throws StorageError at the end, where any could not be deleted; as {@link findFiles} does
 */
export async function deleteFiles(ctx: Context, place: Place, o: DeleteOptions = {}): Promise<void> {
  const failures = createFailures(ctx)
  await eachDeleted(ctx, findFiles(ctx, place, o), {
    remote: place.remote,
    gate: o.gate ?? openGate,
    requested: true,
    judged: o.filter?.active === true,
    failures,
  })
  if (failures.count > 0) throw again(failures.last, `failed to delete ${failures.count} files`)
}

interface DeletionDuty {
  readonly remote: Remote
  readonly gate: Gate
  readonly requested?: boolean
  readonly judged?: boolean
  readonly failures: Failures
}

/**
 * Deletes what `pages` gives, as many at once as `ctx.limits.checks` lets; what was listed is deleted even where the listing
 * then fails.
 * @param o `requested` as in RemoveOptions; `judged`: what has changed since it was listed stays; `onOutcome` is told what became
 * of every file
 */
export async function eachDeleted(
  ctx: Context,
  pages: AsyncIterable<readonly FoundFile[]>,
  o: DeletionDuty & {
    readonly onOutcome?: (shown: Path, outcome: DeleteOutcome) => void
  },
): Promise<void> {
  let quit = false
  const workers = ctx.limits.checks.limit
  const lane = createLane<FoundFile>({ workers, capacity: 1000 }, async (file) => {
    if (quit) return
    const outcome = await deleteFile(ctx, file, o)
    quit ||= outcome === 'quit'
    o.onOutcome?.(file.shown, outcome)
  })
  await feedLane(ctx, pages, lane, () => !quit)
}

/** Deletes one file, unless the gate says otherwise, with rclone's line and events; a failure is reported, not thrown. */
export async function deleteFile(ctx: Context, file: FoundFile, o: DeletionDuty): Promise<DeleteOutcome> {
  return await asCheck(ctx, file.shown, () => attempt(ctx, file, o))
}

async function attempt(ctx: Context, { entry, shown }: FoundFile, o: DeletionDuty): Promise<DeleteOutcome> {
  const { path, size } = entry
  try {
    const decision = await o.gate({ action: 'delete', object: shown, size })
    if (decision === 'quit') return 'quit'
    if (decision === 'do') {
      const options = { requested: o.requested, expect: o.judged ? entry : undefined, signal: ctx.signal }
      await ctx.limits.checks.run(() => o.remote.remove(path, options), ctx.signal)
      ctx.log.log({ level: 'INFO', object: shown, text: 'Deleted', size })
    }
    ctx.report({ type: 'deleted', path: shown, size })
    return decision === 'do' ? 'deleted' : 'skipped'
  } catch (error) {
    const what = isStorageError(error, 'delete-limit') ? 'Got fatal error on delete' : "Couldn't delete"
    o.failures.add(shown, what, error)
    return 'failed'
  }
}
