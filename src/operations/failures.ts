import type { Context, Logger } from '../core/context.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'

/** The errors of single files and directories in one operation, which goes on without them. */
export interface Failures {
  /** How many there were. */
  readonly count: number
  /** The last one that was reported. */
  readonly last: unknown
  /** The last of the gravest: before errors that only a person can mend come those that another run may, before them fatal ones. */
  readonly gravest: unknown
  /**
   * Logs `WHAT: message` as ERROR about `path` and reports the error.
   * @param what what failed, e.g. 'Failed to copy'
   * @param object what the line is about, where that is not `path`
   * @throws the error itself where it ends everything ('fatal', 'auth', 'config', a limit of the run); the signal's reason
   * after an abort
   */
  add(path: Path, what: string, error: unknown, object?: string): void
  /** Reports without a line in the log. */
  note(path: Path, error: unknown): void
}

/** An empty list of failures for one operation. */
export function createFailures(ctx: Context): Failures {
  let count = 0
  let last: unknown
  let gravest: unknown
  const note = (path: Path, error: unknown): void => {
    count++
    last = error
    if (count === 1 || gravity(error) >= gravity(gravest)) gravest = error
    ctx.report({ type: 'error', path, error })
  }
  return {
    get count() {
      return count
    },
    get last() {
      return last
    },
    get gravest() {
      return gravest
    },
    note,
    add(path, what, error, object = path) {
      ctx.signal.throwIfAborted()
      if (isStorageError(error, 'config')) throw error
      ctx.log.log({ level: 'ERROR', object, text: `${what}: ${messageOf(error)}` })
      note(path, error)
      if (endsEverything(error)) throw error
    },
  }
}

/** Whether nothing that follows can go better: a fatal error, a login that has ended, a limit of the whole run. */
export function endsEverything(error: unknown): boolean {
  if (isStorageError(error, 'transfer-limit')) return error.retry !== 'never'
  return isStorageError(error, 'fatal', 'auth', 'duration-limit')
}

/** Says what keeps the rest of a run over trees from being done. */
export function logCancelled(log: Logger, error: unknown): void {
  log.log({ level: 'ERROR', text: `Cancelling sync due to fatal error: ${messageOf(error)}` })
}

function gravity(error: unknown): number {
  if (endsEverything(error) || isStorageError(error, 'delete-limit')) return 2
  return isStorageError(error) && error.retry === 'never' ? 0 : 1
}

/** What a listing threw, with the same words for every remote where the directory is missing. */
export function listingError(error: unknown): unknown {
  if (!isStorageError(error, 'dir-not-found')) return error
  return new StorageError('dir-not-found', 'directory not found', {
    retry: error.retry,
    details: { ...error.details, system: undefined },
    cause: error,
  })
}

/** An error of its own that says what `error` says, so that it is counted once more. */
export function again(error: unknown, message = messageOf(error)): unknown {
  if (!isStorageError(error)) return new StorageError('io', message, { cause: error })
  return new StorageError(error.code, message, {
    retry: error.retry,
    effect: error.effect,
    details: error.details,
    cause: error,
  })
}

/** What a listing gives; its error says `error in ListJSON: …`, as rclone's lsf and lsjson do (rclone's surface §1.1). */
export async function* inListing<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pages
  } catch (error) {
    if (!isStorageError(error)) throw error
    throw again(error, `error in ListJSON: ${messageOf(error)}`)
  }
}
