import { StorageError } from '../core/errors.ts'

/** Ends a run when `--max-transfer` bytes have passed (rclone's surface §5.5, "Limits"). */
export interface TransferLimit {
  /**
   * A transfer begins.
   * @throws StorageError 'transfer-limit'; with retry 'never' where what runs may end and nothing else starts
   */
  begin(size: number | undefined): void
  /** Bytes have passed. @throws StorageError 'transfer-limit' where all is to stop at once */
  pass(bytes: number): void
}

const unlimited: TransferLimit = { begin: () => undefined, pass: () => undefined }

/** @param o `maxTransfer` in bytes; below 0 or absent: no limit */
export function createTransferLimit(o: {
  readonly maxTransfer?: number | undefined
  readonly cutoffMode?: 'HARD' | 'SOFT' | 'CAUTIOUS' | undefined
}): TransferLimit {
  const { maxTransfer = -1, cutoffMode = 'HARD' } = o
  if (maxTransfer < 0) return unlimited
  let passed = 0
  let begun = 0
  return {
    begin(size = 0) {
      const soFar = cutoffMode === 'CAUTIOUS' ? begun + size : passed
      if (soFar >= maxTransfer) throw limitReached(cutoffMode === 'HARD')
      begun += size
    },
    pass(bytes) {
      passed += bytes
      if (cutoffMode === 'HARD' && passed > maxTransfer) throw limitReached(true)
    },
  }
}

function limitReached(hard: boolean): StorageError {
  const text = 'max transfer limit reached as set by --max-transfer'
  return new StorageError('transfer-limit', text, { retry: hard ? 'no' : 'never' })
}
