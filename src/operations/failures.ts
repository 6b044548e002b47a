import type { Context, Logger } from '../core/context.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'

/** The errors of single files and directories in one operation, which goes on without them. */
export interface Failures {
  /** How many there were. */
  readonly count: number
  /** What the operation ends with: the last of the gravest kind (rclone's surface §1.1, "Run loop"). */
  readonly last: unknown
  /** All that there were are such that only `aside` was told of. */
  readonly slight: boolean
  /**
   * Logs `WHAT: message` as ERROR about `path` and reports the error.
   * @param what what failed, e.g. 'Failed to copy'
   * @param object what the line is about, where that is not `path`
   * @throws the error itself where it ends everything ('fatal', 'auth', 'config', a limit of the run); the signal's reason
   * after an abort
   */
  add(path: Path, what: string, error: unknown, object?: string): void
  /** As `add`, for what is wrong with a single entry of a listing: any other error says more about the operation. */
  aside(path: Path, what: string, error: unknown): void
  /** As `add`, for a directory that cannot be listed. */
  unlisted(path: Path, what: string, error: unknown, object?: string): void
  /** Reports without a line in the log. */
  note(path: Path, error: unknown): void
}

/** An empty list of failures for one operation. */
export function createFailures(ctx: Context): Failures {
  let count = 0
  let last: { readonly error: unknown; readonly gravity: number } | undefined
  const report = (path: Path, error: unknown, gravity: number, unlisted = false): void => {
    count++
    if (gravity >= (last?.gravity ?? 0)) last = { error, gravity }
    ctx.report({ type: 'error', path, error, ...(unlisted ? { unlisted } : {}) })
  }
  const tell = (
    path: Path,
    error: unknown,
    o: { readonly text: string; readonly object: string; readonly gravity: number; readonly unlisted?: boolean },
  ): void => {
    ctx.signal.throwIfAborted()
    if (isStorageError(error, 'config')) throw error
    ctx.log.log({ level: 'ERROR', object: o.object, text: `${o.text}: ${messageOf(error)}` })
    report(path, error, o.gravity, o.unlisted)
    if (endsEverything(error)) throw error
  }
  return {
    get count() {
      return count
    },
    get last() {
      return last?.error
    },
    get slight() {
      return (last?.gravity ?? 0) === 0
    },
    note: (path, error) => report(path, error, gravityOf(error)),
    add: (path, text, error, object = path) => tell(path, error, { text, object, gravity: gravityOf(error) }),
    unlisted: (path, text, error, object = path) =>
      tell(path, error, { text, object, gravity: gravityOf(error), unlisted: true }),
    aside: (path, text, error) => tell(path, error, { text, object: path, gravity: 0 }),
  }
}

/** What ends the run weighs most, what a retry might help more than what it cannot. */
function gravityOf(error: unknown): number {
  if (endsEverything(error) || isStorageError(error, 'delete-limit')) return 3
  return isStorageError(error) && error.retry === 'never' ? 1 : 2
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
