import { rmSync } from 'node:fs'
import type { Part, UnfinishedFile, UnfinishedFiles } from '../core/remembered.ts'
import type { ProcessIdentity } from '../util/process-identity.ts'
import { livenessOf, ownIdentity } from '../util/process-identity.ts'
import { readRecord, recordPath, writeRecord } from './record-file.ts'

interface Stored extends UnfinishedFile {
  /** The process that is at work on it; absent: nobody. */
  readonly owner?: ProcessIdentity | undefined
}

const nothing: UnfinishedFile = { size: 0, hash: '', inode: '', whole: [] }

/**
 * The records of files that are fetched in parts, below the folder `root`. A file that a living process is at work on is left
 * to it.
 */
export function createUnfinishedFiles(root: string): UnfinishedFiles {
  let identity: ProcessIdentity | undefined
  const self = (): ProcessIdentity => (identity ??= ownIdentity())
  const claimed = new Set<string>()
  const at = (path: string): string => recordPath(root, path)
  return {
    claim(path) {
      const entry = storedAt(at(path))
      const others =
        entry?.owner !== undefined && !isMine(entry.owner, self()) && livenessOf(entry.owner, self()) !== 'dead'
      if (claimed.has(path) || others) return 'taken'
      claimed.add(path)
      writeRecord(at(path), { ...(entry ?? nothing), owner: self() })
      return entry?.hash ? entry : undefined
    },
    put(path, file) {
      writeRecord(at(path), { ...file, owner: self() })
    },
    release(path) {
      if (!claimed.delete(path)) return
      const entry = storedAt(at(path))
      if (entry?.hash) writeRecord(at(path), { ...entry, owner: undefined })
      else rmSync(at(path), { force: true })
    },
    forget(path) {
      claimed.delete(path)
      rmSync(at(path), { force: true })
    },
  }
}

function isMine(owner: ProcessIdentity, own: ProcessIdentity): boolean {
  return owner.pid === own.pid && livenessOf(owner, own) === 'alive'
}

function storedAt(path: string): Stored | undefined {
  const record = readRecord(path)
  return isStored(record) ? record : undefined
}

/** The checksum of the record vouches for the rest of its form. */
function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false
  const { size, hash, inode, whole }: Partial<Record<keyof Stored, unknown>> = value
  return typeof size === 'number' && typeof hash === 'string' && typeof inode === 'string' && isParts(whole)
}

function isParts(value: unknown): value is readonly Part[] {
  return Array.isArray(value)
}
