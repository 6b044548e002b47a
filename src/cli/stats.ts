import type { RunEvent } from '../core/context.ts'
import { isStorageError, messageOf } from '../core/errors.ts'
import { severityOf } from './exit-codes.ts'
import { createSpeed } from './speed.ts'
import type { Speed } from './speed.ts'
import type { ErrorCounts, StatsSnapshot } from './stats-snapshot.ts'
import { createWork } from './work.ts'

/** Counts what happens in a run. */
export interface Stats {
  report(event: RunEvent): void
  /** Counts an error, unless this very object was counted before or sums up others that were. */
  countError(error: unknown): void
  /** Forgets the errors: another attempt begins. */
  resetErrors(): void
  readonly errors: ErrorCounts
  readonly transfers: number
  /** To be called about once a second, so that there are speeds. */
  sample(): void
  snapshot(): StatsSnapshot
}

/** The counts that only ever grow by one event at a time. */
const nothing = {
  listed: 0,
  deletes: 0,
  deletedDirs: 0,
  deletedBytes: 0,
  renames: 0,
  serverSideCopies: 0,
  serverSideCopyBytes: 0,
  serverSideMoves: 0,
  serverSideMoveBytes: 0,
}
const noErrors: ErrorCounts = { count: 0, last: undefined, fatal: false, retry: false, retryAt: undefined }

/**
 * Counts of a run that begins now.
 * @param now milliseconds since 1970
 */
export function createStats(now: () => number): Stats {
  const started = now()
  const speed: Speed = createSpeed()
  const work = createWork(now, (bytes) => speed.add(bytes))
  const plain = { ...nothing }
  const counted = new WeakSet()
  let errors = noErrors
  let sampled = started

  const countError = (error: unknown): void => {
    if (isStorageError(error) && error.details.summary === true) return
    if (typeof error === 'object' && error !== null) {
      if (counted.has(error)) return
      counted.add(error)
    }
    errors = withError(errors, error, now())
  }

  return {
    countError,
    resetErrors() {
      errors = noErrors
    },
    get errors() {
      return errors
    },
    get transfers() {
      return work.counts().transfers
    },
    report(event) {
      switch (event.type) {
        case 'listed':
          plain.listed += event.entries
          return
        case 'deleted':
          plain.deletes++
          plain.deletedBytes += event.size ?? 0
          return
        case 'dir-deleted':
          plain.deletedDirs++
          return
        case 'renamed':
          plain.renames++
          return
        case 'server-side-copy':
          plain.serverSideCopies++
          plain.serverSideCopyBytes += event.size
          return
        case 'server-side-move':
          plain.serverSideMoves++
          plain.serverSideMoveBytes += event.size
          return
        case 'error':
          countError(event.error)
          return
        case 'found':
          return
        case 'check-planned':
        case 'check-started':
        case 'check-done':
        case 'transfer-planned':
        case 'transfer-started':
        case 'transfer-progress':
        case 'transfer-done':
          work.report(event)
      }
    },
    sample() {
      const seconds = (now() - sampled) / 1000
      sampled = now()
      speed.sample(seconds)
      work.sample(seconds)
    },
    snapshot: () => ({
      ...plain,
      ...work.counts(),
      errors,
      speed: speed.value,
      elapsed: now() - started,
    }),
  }
}

/** The text of the last error, for the JSON log. */
export function lastErrorText(errors: ErrorCounts): string | undefined {
  return errors.count === 0 ? undefined : messageOf(errors.last)
}

function withError(before: ErrorCounts, error: unknown, now: number): ErrorCounts {
  const severity = severityOf(error)
  const wait = isStorageError(error) ? error.details.retryAfter : undefined
  return {
    count: before.count + 1,
    last: error,
    fatal: before.fatal || severity === 'fatal',
    retry: before.retry || severity === 'retry',
    retryAt: wait === undefined ? before.retryAt : Math.max(before.retryAt ?? 0, now + wait),
  }
}
