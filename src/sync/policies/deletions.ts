import type { Context } from '../../core/context.ts'
import { StorageError } from '../../core/errors.ts'
import { again, logCancelled } from '../../operations/failures.ts'
import type { Failures } from '../../operations/failures.ts'
import { deepestFirst } from '../../operations/levels.ts'
import type { Action, Delete, RemoveDir } from '../action.ts'
import type { DeletionGuard } from '../deletion-guard.ts'
import type { Survey } from './survey.ts'

export interface DeletionDuty {
  readonly when: 'before' | 'during' | 'after'
  readonly maxPercent: number
  readonly checkSource: ((found: Survey['source']) => Promise<void>) | undefined
  readonly ignoreErrors: boolean
  readonly guard: DeletionGuard
  readonly failures: Failures
  /** Failures that do not keep anything from being deleted. */
  readonly harmless: () => number
  /** How the destination is called. */
  readonly description: string
}

const pageSize = 1000

/**
 * Deletes what only the destination has, when both trees have been walked to their end: never after an error, unless
 * `ignoreErrors` (rclone's surface §5.3). Before and during transfers are told from after by what `execute` has been given before.
 */
export async function* deleteFiles(
  ctx: Context,
  { survey, extras }: { readonly survey: Survey; readonly extras: readonly Delete[] },
  o: DeletionDuty,
): AsyncGenerator<readonly Action[]> {
  if (o.when === 'after') yield [{ kind: 'settle' }]
  if (withheld(o)) return o.failures.note('', new StorageError('io', logWithheld(ctx, 'files', o)))
  try {
    checkPercent({ survey, extras }, o)
    await o.checkSource?.(survey.source)
  } catch (error) {
    yield [{ kind: 'settle' }]
    throw error
  }
  for (let at = 0; at < extras.length; at += pageSize) yield extras.slice(at, at + pageSize)
  yield [{ kind: 'settle' }]
  const { guard, failures } = o
  if (guard.failures === 0) return
  const error = again(guard.lastError, `failed to delete ${guard.failures} files`)
  if (guard.limitReached) logCancelled(ctx.log, error)
  failures.note('', error)
}

/** Removes the directories that only the destination has, deepest first; never after an error. */
export function* deleteDirs(ctx: Context, dirs: readonly RemoveDir[], o: DeletionDuty): Generator<readonly Action[]> {
  yield [{ kind: 'settle' }]
  if (withheld(o)) return void logWithheld(ctx, 'directories', o)
  yield* removeDirs(dirs)
}

/** Removes directories, what lies deeper first. */
export function* removeDirs(dirs: readonly RemoveDir[]): Generator<readonly Action[]> {
  for (const level of deepestFirst(dirs)) yield [...level, { kind: 'settle' }]
}

/** Says that nothing is deleted, in the words that it returns. */
export function logWithheld(
  { log }: Context,
  what: 'files' | 'directories',
  { description }: Pick<DeletionDuty, 'description'>,
): string {
  const text = `not deleting ${what} as there were IO errors`
  log.log({ level: 'ERROR', object: description, text })
  return text
}

/** Whether nothing may be deleted, because something went wrong before. */
export function withheld({ failures, harmless, ignoreErrors }: DeletionDuty): boolean {
  return !ignoreErrors && failures.count > harmless()
}

function checkPercent(
  { survey, extras }: { readonly survey: Survey; readonly extras: readonly Delete[] },
  { maxPercent }: DeletionDuty,
): void {
  const percent = survey.destFiles === 0 ? 0 : (extras.length / survey.destFiles) * 100
  if (maxPercent < 0 || percent <= maxPercent) return
  const text = `${extras.length} of ${survey.destFiles} files would be deleted, more than the ${maxPercent} percent of --max-delete-percent`
  throw new StorageError('delete-limit', text)
}
