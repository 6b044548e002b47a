import { StorageError } from '../core/errors.ts'
import type { Used } from './options.ts'

/** Ends a run when `--max-transfer` bytes have passed (rclone's surface §5.5, "Limits"). */
export interface TransferLimit {
  /**
   * A transfer begins.
   * @throws StorageError 'transfer-limit', effect 'none'; with retry 'never' what runs may end and nothing else starts
   */
  begin(size: number | undefined): TransferShare
}

/** The part that one transfer has of what a run may transfer. */
export interface TransferShare {
  /**
   * Counts bytes that are to pass.
   * @returns how many of them may, at least one
   * @throws StorageError 'transfer-limit', effect 'unknown', where none may and everything is to stop at once
   */
  pass(bytes: number): number
  /** Nothing more will pass. */
  end(): void
}

const unlimited: TransferLimit = { begin: () => ({ pass: (bytes) => bytes, end: () => undefined }) }

/**
 * @param o `maxTransfer` in bytes; below 0 or absent: no limit
 * @param used what counts already, and is counted on
 */
export function createTransferLimit(
  o: {
    readonly maxTransfer?: number | undefined
    readonly cutoffMode?: 'HARD' | 'SOFT' | 'CAUTIOUS' | undefined
  },
  used: Used,
): TransferLimit {
  const { maxTransfer = -1, cutoffMode = 'HARD' } = o
  if (maxTransfer < 0) return unlimited
  /** Bytes that transfers under way are still to bring. */
  let ahead = 0
  return {
    begin(size = 0) {
      const soFar = cutoffMode === 'CAUTIOUS' ? used.bytes + ahead + size : used.bytes
      if (soFar >= maxTransfer) throw limitReached(cutoffMode, 'none')
      let left = size
      ahead += left
      const arrive = (bytes: number): void => {
        const expected = Math.min(left, bytes)
        left -= expected
        ahead -= expected
      }
      return {
        pass(bytes) {
          const passing = cutoffMode === 'HARD' ? Math.min(bytes, maxTransfer - used.bytes) : bytes
          if (passing <= 0) throw limitReached(cutoffMode, 'unknown')
          used.bytes += passing
          arrive(passing)
          return passing
        },
        end: () => arrive(left),
      }
    },
  }
}

function limitReached(mode: 'HARD' | 'SOFT' | 'CAUTIOUS', effect: 'none' | 'unknown'): StorageError {
  const text = 'max transfer limit reached as set by --max-transfer'
  return new StorageError('transfer-limit', text, { retry: mode === 'HARD' ? 'no' : 'never', effect })
}
