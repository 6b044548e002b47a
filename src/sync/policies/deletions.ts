import type { Context } from '../../core/context.ts'
import { isStorageError, StorageError } from '../../core/errors.ts'
import { again, logCancelled } from '../../operations/failures.ts'
import type { Failures } from '../../operations/failures.ts'
import { deepestFirst } from '../../operations/levels.ts'
import type { Path } from '../../core/path.ts'
import type { Action, Delete, RemoveDir } from '../action.ts'
import type { DeletionGuard } from '../../operations/deletion-guard.ts'
import type { Survey } from './survey.ts'

/** What keeps anything from being deleted: an error. */
export interface Caution {
  readonly failures: Failures
  /** Errors keep nothing from being deleted. */
  readonly ignoreErrors: () => boolean
  /** Failures that do not count here. */
  readonly harmless: () => number
  /** How the place is called where things are deleted. */
  readonly description: string
}

export interface DeletionDuty extends Caution {
  readonly when: 'before' | 'during' | 'after'
  readonly maxPercent: number
  readonly checkSource: ((found: Survey['source']) => Promise<void>) | undefined
  /** Told of what an error keeps from being deleted. @param failed whether each of them is an error of its own in the reports */
  readonly onKept: (files: readonly Delete[], failed: boolean) => void
  readonly guard: DeletionGuard
  /** Whether a file of this name may be what an earlier run has left of one that is transferred now, and be used for it. */
  readonly isPartial: (path: Path) => boolean
  /** Told that there are such files, which a run that deletes first leaves until its transfers are over. */
  readonly onPartials: (() => void) | undefined
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
  if (withheld(o)) {
    o.onKept(extras, o.failures.slight)
    return withhold(ctx, { what: 'files', counts: o.failures.slight }, o)
  }
  try {
    checkPercent({ survey, extras }, o)
    await o.checkSource?.(survey.source)
  } catch (error) {
    yield [{ kind: 'settle' }]
    throw error
  }
  const { partials, others } = setApart(extras, o)
  yield* pages(others)
  yield [{ kind: 'settle' }]
  if (partials.length > 0 && o.when === 'before') o.onPartials?.()
  else if (partials.length > 0 && !withheld(o)) {
    yield* pages(partials)
    yield [{ kind: 'settle' }]
  }
  const { guard, failures } = o
  if (guard.failures === 0) return
  const error = again(guard.lastError, `failed to delete ${guard.failures} files`)
  if (guard.limitReached) logCancelled(ctx.log, error)
  failures.note('', error)
}

/** What may be in use for a file that is transferred, and all others. */
export function setApart(
  extras: readonly Delete[],
  duty: Pick<DeletionDuty, 'isPartial'> | undefined,
): { readonly partials: readonly Delete[]; readonly others: readonly Delete[] } {
  const partials = extras.filter(({ path }) => duty?.isPartial(path))
  return { partials, others: partials.length === 0 ? extras : extras.filter(({ path }) => !duty?.isPartial(path)) }
}

function* pages(extras: readonly Delete[]): Generator<readonly Delete[]> {
  for (let at = 0; at < extras.length; at += pageSize) yield extras.slice(at, at + pageSize)
}

/** Removes the directories that only the destination has, deepest first; never after an error. */
export function* deleteDirs(ctx: Context, dirs: readonly RemoveDir[], o: Caution): Generator<readonly Action[]> {
  yield [{ kind: 'settle' }]
  if (withheld(o)) withhold(ctx, { what: 'directories', counts: o.failures.slight }, o)
  else yield* removeDirs(dirs)
}

/** Removes the directories that a move has emptied in the source; never after an error. */
export function* deleteSourceDirs(ctx: Context, dirs: readonly RemoveDir[], o: Caution): Generator<readonly Action[]> {
  yield [{ kind: 'settle' }]
  if (dirs.length > 0 && withheld(o)) withhold(ctx, { what: 'directories', counts: true }, o)
  else yield* removeDirs(dirs)
}

/** Removes directories, what lies deeper first. */
export function* removeDirs(dirs: readonly RemoveDir[]): Generator<readonly Action[]> {
  for (const level of deepestFirst(dirs)) yield [...level, { kind: 'settle' }]
}

/** Says that nothing is deleted, in the words that it returns. */
export function logWithheld(
  { log }: Context,
  what: 'files' | 'directories',
  { description }: Pick<Caution, 'description'>,
): string {
  const text = `not deleting ${what} as there were IO errors`
  log.log({ level: 'ERROR', object: description, text })
  return text
}

/** Whether nothing may be deleted, because something went wrong before. */
export function withheld({ failures, harmless, ignoreErrors }: Caution): boolean {
  return !ignoreErrors() && failures.count > harmless()
}

/** @param o `counts`: it is one of the errors that the run ends with, as rclone has it */
function withhold(
  ctx: Context,
  { what, counts }: { readonly what: 'files' | 'directories'; readonly counts: boolean },
  { failures, description }: Caution,
): void {
  const text = logWithheld(ctx, what, { description })
  if (!counts) return
  // It ends the run: what can be done about it is what can be done about the errors before
  const hint = isStorageError(failures.last) ? failures.last.details.hint : undefined
  failures.note('', new StorageError('io', text, { details: { hint } }))
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
