import type { Logger } from '../core/context.ts'
import type { StorageError } from '../core/errors.ts'
import { isStorageError, messageOf, refine } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { sleep } from '../util/async.ts'

export interface RetryOptions {
  readonly log: Logger
  /** Attempts in all for one operation (`--low-level-retries`); 1 or less never repeats. */
  readonly attempts: number
  /** Waits milliseconds; tests give their own. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
}

/** Counts the failures of one operation and waits between them. */
export interface Attempts {
  /** An earlier failure may have had its effect: look before believing the next answer. */
  readonly unsure: boolean
  /**
   * Waits and returns where the operation is to be tried again.
   * @throws `error` itself where a repetition cannot help, or marked 'given-up' after the last attempt
   */
  failed(error: unknown): Promise<void>
  /** Starts counting anew: the operation has come further. */
  progressed(): void
}

const shortestWait = 10
const longestWait = 2000

/** Attempts at one operation on `path`; waits 10 ms, doubling to 2 s, and never less than the server asked for. */
export function createAttempts(o: RetryOptions, path: Path, signal: AbortSignal | undefined): Attempts {
  let failures = 0
  let unsure = false
  return {
    get unsure() {
      return unsure
    },
    progressed() {
      failures = 0
    },
    async failed(error) {
      if (!isStorageError(error) || error.retry !== 'later') throw error
      signal?.throwIfAborted()
      failures++
      if (failures >= o.attempts) throw refine(error, { retry: 'given-up' })
      unsure ||= error.effect === 'unknown'
      const text = `Received error: ${messageOf(error)} - low level retry ${failures}/${o.attempts}`
      o.log.log({ level: 'DEBUG', object: path, text })
      await (o.sleep ?? sleep)(waitFor(error, failures), signal)
    },
  }
}

function waitFor(error: StorageError, failures: number): number {
  const backoff = Math.min(longestWait, shortestWait * 2 ** (failures - 1))
  return Math.max(backoff, error.details.retryAfter ?? 0)
}
