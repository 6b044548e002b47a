import type { FileEntry } from '../../core/entry.ts'
import type { ErrorCode } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { OpenOptions, Reader } from '../../core/remote.ts'
import type { CallOptions } from '../../core/stream.ts'
import { createReading, gone } from './download.ts'
import type { Drive } from './drive.ts'
import { fileEntry } from './entry.ts'
import { refusal } from './refusal.ts'
import { lookUp, stat } from './stat.ts'

/**
 * Opens one revision of a file. Where the caller has seen its number in a listing, no request is made before bytes are
 * wanted: that revision can be had although there is a newer one.
 * @throws StorageError 'not-found', 'is-dir', 'changed'; 'gone' for what was listed and is not there, or has no MD5
 */
export async function open(drive: Drive, path: Path, options: OpenOptions = {}): Promise<Reader> {
  const entry = await entryToRead(drive, path, options)
  const { size, hashes } = entry
  if (size === undefined || hashes.md5 === undefined) {
    throw gone(drive, path, 'the service has no size or no MD5 of it: its content cannot be had whole')
  }
  const read = createReading({ drive, entry, size, verify: options.verify ?? true })
  return {
    entry,
    stream: (range = {}, { signal } = {}) => read(range, { signal: signal ?? options.signal }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

async function entryToRead(drive: Drive, path: Path, options: OpenOptions): Promise<FileEntry> {
  const { revision, expect, signal } = options
  if (revision !== undefined && revision !== expect?.revision) return chosenRevision(drive, path, revision, { signal })
  if (expect?.revision !== undefined && expect.size !== undefined) return expect
  const entry = await stat(drive, path, { signal })
  if (entry?.kind === 'dir') throw failure(drive, path, 'is-dir', 'it is a directory')
  if (!entry && expect) throw gone(drive, path, 'it was listed, and is no longer there')
  if (!entry) throw failure(drive, path, 'not-found', 'there is no such file')
  if (expect && (entry.size !== expect.size || entry.hashes.md5 !== expect.hashes.md5)) {
    throw failure(drive, path, 'changed', 'the file is another one meanwhile')
  }
  return entry
}

async function chosenRevision(drive: Drive, path: Path, number: string, call: CallOptions): Promise<FileEntry> {
  const item = await lookUp(drive, path, call)
  if (item?.kind === 'dir') throw failure(drive, path, 'is-dir', 'it is a directory')
  const revisions = item?.current ? [item.current, ...item.older] : (item?.older ?? [])
  const found = revisions.find((one) => one.number === number && one.state === 'COMPLETED')
  if (found) return fileEntry(path, found)
  throw failure(drive, path, 'not-found', `there is no revision ${number} of this file`)
}

function failure(drive: Drive, path: Path, code: ErrorCode, why: string): Error {
  return refusal(code, why, { drive, operation: 'open', path })
}
