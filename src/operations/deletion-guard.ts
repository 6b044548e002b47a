import { StorageError } from '../core/errors.ts'
import type { Gate } from './gate.ts'

/** Counts deletions and stops them at the limits of `--max-delete` and `--max-delete-size` (rclone's surface §5.3). */
export interface DeletionGuard {
  /**
   * One file more is about to be deleted.
   * @returns false once a limit has been reached
   * @throws StorageError 'delete-limit' when this file is the one too many
   */
  allow(size: number | undefined): boolean
  /** A file could not be deleted. */
  failed(error: unknown): void
  /** How many could not be deleted. */
  readonly failures: number
  readonly lastError: unknown
  readonly limitReached: boolean
}

/** What may be deleted; below 0 or absent: no limit. */
export interface DeletionLimits {
  /** Files. */
  readonly maxDelete?: number | undefined
  /** Bytes. */
  readonly maxDeleteSize?: number | undefined
}

/** `gate`, and no deletion beyond the limits. @throws StorageError, from the gate, 'delete-limit'; after that it quits */
export function limitedGate(gate: Gate, limits: DeletionLimits): Gate {
  const guard = createDeletionGuard(limits)
  return (step) => (step.action === 'delete' && !guard.allow(step.size) ? 'quit' : gate(step))
}

/** Counts from nothing. */
export function createDeletionGuard(o: DeletionLimits): DeletionGuard {
  const { maxDelete = -1, maxDeleteSize = -1 } = o
  const count = { files: 0, bytes: 0, failures: 0 }
  let limitReached = false
  let lastError: unknown
  const tooMany = (flag: string): never => {
    limitReached = true
    throw new StorageError('delete-limit', `${flag} threshold reached`)
  }
  return {
    allow(size = 0) {
      if (limitReached) return false
      if (maxDelete >= 0 && count.files + 1 > maxDelete) tooMany('--max-delete')
      if (maxDeleteSize >= 0 && count.bytes + size > maxDeleteSize) tooMany('--max-delete-size')
      count.files++
      count.bytes += size
      return true
    },
    failed(error) {
      count.failures++
      lastError = error
    },
    get failures() {
      return count.failures
    },
    get lastError() {
      return lastError
    },
    get limitReached() {
      return limitReached
    },
  }
}
