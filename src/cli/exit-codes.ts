import { isStorageError } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'

/** rclone's exit codes (rclone's surface 1.1, "Exit codes"). */
export const exitCodes = {
  success: 0,
  /** Any error that has no code of its own, and everything that keeps a command from starting. */
  error: 1,
  usage: 2,
  dirNotFound: 3,
  notFound: 4,
  /** A retry of the whole might help. */
  temporary: 5,
  notRetried: 6,
  fatal: 7,
  transferLimit: 8,
  nothingTransferred: 9,
  durationLimit: 10,
  /** The reader of standard output went away: 128 + SIGPIPE. */
  brokenPipe: 141,
} as const

const byCode: Partial<Readonly<Record<ErrorCode, number>>> = {
  config: exitCodes.error,
  usage: exitCodes.usage,
  'dir-not-found': exitCodes.dirNotFound,
  'not-found': exitCodes.notFound,
  gone: exitCodes.notFound,
  'transfer-limit': exitCodes.transferLimit,
  'duration-limit': exitCodes.durationLimit,
}
const byCodeWithoutRetry: Partial<Readonly<Record<ErrorCode, number>>> = {
  'read-only': exitCodes.notRetried,
  changed: exitCodes.notRetried,
  fatal: exitCodes.fatal,
  'delete-limit': exitCodes.fatal,
}

const fatalCodes: ReadonlySet<ErrorCode> = new Set(['fatal', 'auth', 'duration-limit', 'delete-limit'])

/** What the run loop does after an error: end, try again, or try again only for another error's sake. */
export type Severity = 'fatal' | 'retry' | 'no-retry'

/**
 * How an error counts for `--retries`. A login that has ended is fatal: asking again can only do harm.
 */
export function severityOf(error: unknown): Severity {
  if (!isStorageError(error)) return 'retry'
  if (fatalCodes.has(error.code)) return 'fatal'
  if (error.code === 'transfer-limit') return error.retry === 'never' ? 'no-retry' : 'fatal'
  return error.code === 'read-only' || error.retry === 'never' ? 'no-retry' : 'retry'
}

/** The exit code for the error that a run ended with. */
export function exitCodeOf(error: unknown): number {
  if (!isStorageError(error)) return exitCodes.error
  if (error.retry === 'never') return error.code === 'transfer-limit' ? exitCodes.transferLimit : exitCodes.notRetried
  const temporary = error.retry === 'no' ? undefined : exitCodes.temporary
  // What the system itself says is no finding of a listing: rclone has no code of its own for it.
  if (error.details.system !== undefined && isStorageError(error, 'dir-not-found', 'not-found')) return exitCodes.error
  return byCode[error.code] ?? temporary ?? byCodeWithoutRetry[error.code] ?? exitCodes.error
}

/** What the codes mean, for the documentation. */
export const exitCodeMeanings: readonly { readonly code: string; readonly meaning: string }[] = [
  { code: '0', meaning: 'Success' },
  { code: '1', meaning: 'An error that has no code of its own, and everything that keeps a command from starting' },
  { code: '2', meaning: 'Usage: unknown command or flag, a bad value, a wrong number of arguments' },
  { code: '3', meaning: 'Directory not found' },
  { code: '4', meaning: 'File not found' },
  { code: '5', meaning: 'A temporary error, which another run might not meet' },
  {
    code: '6',
    meaning: 'An error that must not be retried, such as a file that changed or a place that may not be written',
  },
  { code: '7', meaning: 'A fatal error, such as overlapping places or more deletions than are allowed' },
  { code: '8', meaning: 'The limit of --max-transfer was reached' },
  { code: '9', meaning: 'Success, but nothing was transferred (with --error-on-no-transfer)' },
  { code: '10', meaning: 'The limit of --max-duration was reached' },
  {
    code: '128 + n',
    meaning: 'Ended by signal n: 130 after an interrupt, 143 after a termination, 141 when the output was closed',
  },
]

/** The exit code after a signal. */
export function exitCodeOfSignal(signal: 'SIGINT' | 'SIGTERM'): number {
  return 128 + (signal === 'SIGINT' ? 2 : 15)
}
