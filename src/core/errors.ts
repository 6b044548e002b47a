import type { Path } from './path.ts'

/** What went wrong, in terms that a caller can act on. */
export type ErrorCode =
  | 'not-found' // a file, or a path of unknown kind
  | 'dir-not-found'
  | 'gone' // listed, and not to be had: removed meanwhile, or damaged on the server
  | 'exists'
  | 'not-empty'
  | 'is-dir'
  | 'not-dir'
  | 'permission'
  | 'auth' // log in again
  | 'quota'
  | 'disk-full'
  | 'locked'
  | 'read-only'
  | 'invalid-name'
  | 'invalid-argument'
  | 'usage'
  | 'config'
  | 'unsupported'
  | 'corrupt' // bytes are not what they should be
  | 'changed' // the source changed while it was read
  | 'rate-limited'
  | 'unavailable' // the server cannot now (5xx)
  | 'network'
  | 'timeout'
  | 'protocol' // the other side said something that makes no sense
  | 'io'
  | 'immutable' // it differs and is not to be changed
  | 'transfer-limit' // --max-transfer
  | 'duration-limit' // --max-duration
  | 'delete-limit' // more would be deleted than is allowed
  | 'fatal' // ends the run

/**
 * 'no': the same call fails again. 'never': so does the whole run, for only a person can change it. 'later': it may succeed.
 * 'given-up': it may, but somebody has already retried enough.
 */
export type RetryClass = 'no' | 'never' | 'later' | 'given-up'

/** 'none': nothing happened on the other side. 'unknown': it may have happened; look before repeating. */
export type Effect = 'none' | 'unknown'

export interface ErrorDetails {
  /** Milliseconds that the server asked to wait. */
  readonly retryAfter?: number | undefined
  /** What the user can do. */
  readonly hint?: string | undefined
  readonly operation?: string | undefined
  readonly remote?: string | undefined
  readonly path?: Path | undefined
  /** It sums up errors that were reported one by one, and is not counted beside them. */
  readonly summary?: boolean | undefined
  /** HTTP status, where a server answered. */
  readonly status?: number | undefined
  /** The system's own code, such as ENOENT. */
  readonly system?: string | undefined
}

export interface ErrorOptions {
  readonly retry?: RetryClass
  readonly effect?: Effect
  readonly details?: ErrorDetails
  readonly cause?: unknown
}

/** The one error of fjord: decisions are made on `code`, `retry` and `effect`, never on the message. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: ErrorCode
  readonly retry: RetryClass
  readonly effect: Effect
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retry = options.retry ?? 'no'
    this.effect = options.effect ?? 'none'
    this.details = options.details ?? {}
  }
}

/** Whether `error` is a StorageError, of one of `codes` where any are given. */
export function isStorageError(error: unknown, ...codes: readonly ErrorCode[]): error is StorageError {
  return error instanceof StorageError && (codes.length === 0 || codes.includes(error.code))
}

/** `error` with other retry class or more details; the message and the cause stay. */
export function refine(
  error: StorageError,
  change: { readonly retry?: RetryClass; readonly effect?: Effect; readonly details?: ErrorDetails },
): StorageError {
  return new StorageError(error.code, error.message, {
    retry: change.retry ?? error.retry,
    effect: change.effect ?? error.effect,
    details: { ...error.details, ...change.details },
    cause: error.cause ?? error,
  })
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
