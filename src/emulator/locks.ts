import type { Service } from './exchange.ts'
import { Refusal } from './refusal.ts'

/** What a request does to what is stored. */
export type Access = 'read' | 'write' | 'delete'

/** Refuses a request that a lock of the account forbids: 403, a guess (docs/protocol.md §4.15). */
export function checkLocks({ store, dialect }: Service, access: Access): void {
  const { locked, readLocked, writeLocked } = store.world.settings
  if (locked) throw lockedOut(dialect.lockedStatus, 'The account is locked')
  if (access === 'read') {
    if (readLocked) throw lockedOut(dialect.lockedStatus, 'The account is locked for reading')
  } else if (writeLocked && (access === 'write' || dialect.lockedDeletes === 'refused')) throw writeLockedOut(dialect)
}

/** The answer to a change of an account that is locked for writing. */
export function writeLockedOut({ lockedStatus }: Service['dialect']): Refusal {
  return lockedOut(lockedStatus, 'The account is locked for writing')
}

/** The answer to content that does not fit into the account. */
export function overQuota({ overQuotaStatus }: Service['dialect']): Refusal {
  return new Refusal(overQuotaStatus, 'QuotaExceededException', 'The storage quota is exceeded')
}

function lockedOut(status: number, message: string): Refusal {
  return new Refusal(status, 'AccessDeniedException', message)
}
