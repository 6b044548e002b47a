import type { FileEntry } from '../../core/entry.ts'
import { isStorageError, refine } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { WriteOptions } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import type { ByteStream, Range } from '../../core/stream.ts'
import { second, timeFrom, truncate } from '../../core/time.ts'
import type { Upload } from './api/allocate.ts'
import { allocate } from './api/allocate.ts'
import { sendBytes } from './api/upload.ts'
import type { Drive } from './drive.ts'
import { refusal } from './refusal.ts'
import type { Spool } from './spool.ts'
import { spool } from './spool.ts'
import { stat } from './stat.ts'

/** Progress is told after each of these, however long the chunks of a source are. */
const pieceSize = 1024 * 1024

/**
 * Stores a file: announces it with its MD5, then sends what the service does not have (docs/protocol.md §3.2, §3.3). An
 * upload that broke off is resumed by calling this again. The entry is made of what is known without asking: it has no
 * revision, MIME type or time of storing.
 * @throws StorageError 'is-dir', 'not-dir', 'invalid-name', 'quota'; 'changed' where the source has another length than it said;
 * 'corrupt' and 'network', retry 'later'
 */
export async function write(drive: Drive, path: Path, source: Source, options: WriteOptions = {}): Promise<FileEntry> {
  options.signal?.throwIfAborted()
  const stored = drive.names.stored(path)
  if (path === '') throw refusal('is-dir', 'it is the root', { drive, operation: 'write', path })
  await using content = await announceable(drive, path, source, options)
  const modified = truncate(source.modified ?? timeFrom(drive.now()), second)
  const created = options.created === undefined ? modified : truncate(options.created, second)
  const { signal } = options
  const upload = { remote: drive.name, path, bytes: content.size, md5: content.md5, created, modified, signal }
  await transfer({ drive, stored, upload, stream: (range) => content.stream(range), onProgress: options.onProgress })
  return { kind: 'file', path, size: content.size, modified, hashes: { md5: content.md5 }, created }
}

/** The source, or a copy of it where its MD5 or size cannot be had otherwise. */
async function announceable(drive: Drive, path: Path, source: Source, { signal }: WriteOptions): Promise<Spool> {
  const { size } = source
  const md5 = size === undefined ? undefined : (source.known.md5 ?? (await source.hash('md5', { signal })))
  if (size !== undefined && md5 !== undefined) {
    return {
      size,
      md5: md5.toLowerCase(),
      stream: (range) => source.stream(range, { signal }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }
  const { md5MemoryLimit: memoryLimit, tempDir } = drive
  const copy = await spool(source.stream({}, { signal }), { memoryLimit, tempDir, expected: size, signal })
  if (size === undefined || size === copy.size) return copy
  await copy[Symbol.asyncDispose]()
  throw otherLength(drive, path, size)
}

interface Transfer {
  readonly drive: Drive
  readonly stored: string
  readonly upload: Upload
  readonly stream: (range: Range) => ByteStream
  readonly onProgress: ((position: number) => void) | undefined
}

/**
 * Allocates and sends until the service has it all: a partial upload (420), or one whose token expired on the way (401), goes on
 * where the service says.
 */
async function transfer(job: Transfer): Promise<void> {
  const { drive, upload, onProgress } = job
  for (let [reached, expiredAt] = [-1, -1]; ;) {
    const wanted = await announce(job)
    if (wanted.state === 'completed') {
      onProgress?.(upload.bytes)
      return
    }
    if (wanted.resumeAt <= reached) {
      const why = `the service keeps no more than ${reached} of ${upload.bytes} bytes`
      throw refusal('network', why, { drive, operation: 'upload', path: upload.path, retry: 'later' })
    }
    reached = wanted.resumeAt
    const outcome = await send(job, wanted)
    if (outcome === 'complete') return
    // with another token the same place may be tried once more
    if (outcome === 'expired' && expiredAt !== reached) {
      expiredAt = reached
      reached--
    }
  }
}

async function announce({ drive, stored, upload }: Transfer): ReturnType<typeof allocate> {
  const place = `/${drive.device}/${drive.mountpoint}/${stored}`
  try {
    return await allocate(drive.http, { base: drive.apiUrl, place }, upload)
  } catch (error) {
    if (isStorageError(error) && error.details.status !== undefined && error.retry === 'no') {
      const entry = await stat(drive, upload.path, { signal: upload.signal })
      if (entry?.kind === 'dir') {
        throw refusal('is-dir', 'a directory has this name', { drive, operation: 'write', path: upload.path })
      }
    }
    throw error
  }
}

async function send(job: Transfer, { url, resumeAt }: { readonly url: string; readonly resumeAt: number }) {
  const { drive, upload } = job
  // bytes that are all there but not accepted yet: the last one again, since a range cannot be empty
  const first = upload.bytes <= drive.uploadResumeLimit ? 0 : Math.max(0, Math.min(resumeAt, upload.bytes - 1))
  const body = { length: upload.bytes - first, stream: () => promised(job, first) }
  if (body.length === 0) await drain(body.stream()) // nobody else would notice bytes of a source that should have none
  try {
    return await sendBytes(drive.http, upload, { url, first, resumes: resumeAt > 0, body })
  } catch (error) {
    if (isStorageError(error, 'auth') && error.retry === 'later') return 'expired'
    // whoever repeats the write asks again where to go on, so that what came of this request does no harm
    if (isStorageError(error, 'network', 'timeout') && error.retry !== 'no') throw refine(error, { retry: 'later' })
    throw error
  }
}

/** The bytes from `first` on: neither more nor fewer than were announced, whatever the source does. */
async function* promised(job: Transfer, first: number): AsyncGenerator<Uint8Array> {
  const { drive, upload, onProgress } = job
  let position = first
  onProgress?.(position)
  for await (const chunk of job.stream({ offset: first })) {
    if (position + chunk.length > upload.bytes) throw otherLength(drive, upload.path, upload.bytes)
    for (let at = 0; at < chunk.length; at += pieceSize) {
      const piece = chunk.subarray(at, at + pieceSize)
      yield piece
      position += piece.length
      onProgress?.(position)
    }
  }
  if (position < upload.bytes) throw otherLength(drive, upload.path, upload.bytes)
}

async function drain(stream: ByteStream): Promise<void> {
  for await (const _ of stream);
}

function otherLength(drive: Drive, path: Path, expected: number): Error {
  return refusal('changed', `the source did not give the ${expected} bytes it had`, { drive, operation: 'write', path })
}
