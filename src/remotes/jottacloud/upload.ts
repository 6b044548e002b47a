import { isStorageError, refine } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { ByteStream, Range } from '../../core/stream.ts'
import { accountProblem } from './account-problem.ts'
import type { Upload } from './api/allocate.ts'
import { allocate } from './api/allocate.ts'
import { sendBytes } from './api/upload.ts'
import type { Drive } from './drive.ts'
import { inTheWay } from './in-the-way.ts'
import { refusal } from './refusal.ts'

/** Progress is told after each of these, however long the chunks of a source are. */
const pieceSize = 1024 * 1024

/** Content on its way to a path. */
export interface Transfer {
  readonly upload: Upload
  readonly stream: (range: Range) => ByteStream
  readonly onProgress: ((position: number) => void) | undefined
}

/**
 * Allocates and sends until the service has it all (docs/protocol.md §3.2, §3.3): a partial upload (420), or one whose token expired on the
 * way (401), goes on where the service says. An upload that broke off is resumed by calling this again.
 * @throws StorageError 'is-dir', 'not-dir', 'invalid-name', 'quota'; 'changed' where the source has another length than it said;
 * 'corrupt' and 'network', retry 'later'
 */
export async function send(drive: Drive, job: Transfer): Promise<void> {
  const { upload, onProgress } = job
  for (let [reached, expiredAt] = [-1, -1]; ;) {
    const wanted = await announce(drive, upload)
    if (wanted.state === 'completed') {
      onProgress?.(upload.bytes)
      return
    }
    if (wanted.resumeAt <= reached) {
      const why = `the service keeps no more than ${reached} of ${upload.bytes} bytes`
      throw refusal('network', why, { drive, operation: 'upload', path: upload.path, retry: 'later' })
    }
    reached = wanted.resumeAt
    const outcome = await sendPart(drive, job, wanted)
    if (outcome === 'complete') return
    // With another token the same place may be tried once more.
    if (outcome === 'expired' && expiredAt !== reached) {
      expiredAt = reached
      reached--
    }
  }
}

/** The error for a source of another length than it said. */
export function otherLength(drive: Drive, path: Path, expected: number): Error {
  return refusal('changed', `the source did not give the ${expected} bytes it had`, { drive, operation: 'write', path })
}

async function announce(drive: Drive, upload: Upload): ReturnType<typeof allocate> {
  const { path, bytes, signal } = upload
  const place = `/${drive.device}/${drive.mountpoint}/${drive.spellings.stored(path)}`
  try {
    return await allocate(drive.http, { base: drive.apiUrl, place }, upload)
  } catch (error) {
    if (!isStorageError(error) || error.details.status === undefined || error.retry !== 'no') throw error
    const { code } = error
    if (code === 'quota' || code === 'locked') throw error
    const problem = await accountProblem(drive, error, { bytes, signal })
    if (problem || code === 'auth') throw problem ?? error
    throw (await inTheWay(drive, path, 'write', { signal })) ?? error
  }
}

async function sendPart(
  drive: Drive,
  job: Transfer,
  { url, resumeAt, corrupt }: { readonly url: string; readonly resumeAt: number; readonly corrupt: boolean },
): Promise<'complete' | 'incomplete' | 'expired'> {
  const { upload } = job
  // bytes that are all there but not accepted yet: the last one again, since a range cannot be empty
  const anew = corrupt || upload.bytes <= drive.uploadResumeLimit
  const first = anew ? 0 : Math.max(0, Math.min(resumeAt, upload.bytes - 1))
  const body = { length: upload.bytes - first, stream: () => promised(drive, job, first) }
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
async function* promised(drive: Drive, job: Transfer, first: number): AsyncGenerator<Uint8Array> {
  const { upload, onProgress } = job
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
