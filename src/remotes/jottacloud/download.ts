import type { FileEntry } from '../../core/entry.ts'
import type { ErrorCode, StorageError } from '../../core/errors.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Hasher } from '../../core/hash.ts'
import { createHasher } from '../../core/hash.ts'
import type { Path } from '../../core/path.ts'
import type { ByteStream, CallOptions, Range } from '../../core/stream.ts'
import type { HttpResponse } from '../../http/types.ts'
import type { Drive } from './drive.ts'
import { refusal } from './refusal.ts'
import { stat } from './stat.ts'

/** One revision of a file, to be read in any ranges. */
export interface Content {
  readonly drive: Drive
  /** Names the revision, where the service gave it a number. */
  readonly entry: FileEntry
  readonly size: number
  /** Hold the whole against its MD5. */
  readonly verify: boolean
}

interface Part {
  readonly first: number
  /** One past the last byte. */
  readonly end: number
}

/** The MD5 of what has passed from the beginning on, however many streams it took. */
interface Passed {
  readonly hasher: Hasher
  at: number
  busy: boolean
}

/**
 * Reads ranges of one revision (docs/protocol.md §4.11). What is read from beginning to end, in one stream or in several that go on
 * where the one before broke off, is held against the MD5 of the file.
 * @throws StorageError, from the streams, 'changed', 'gone'; 'corrupt' and 'network', retry 'later'
 */
export function createReading(content: Content): (range: Range, call: CallOptions) => AsyncGenerator<Uint8Array> {
  let passed: Passed | undefined
  return async function* read(range, call) {
    const first = range.offset ?? 0
    const end = Math.min(content.size, first + (range.length ?? Infinity))
    if (first >= end) return
    if (first === 0 && content.verify) passed = { hasher: createHasher('md5'), at: 0, busy: false }
    const mine = passed?.at === first && !passed.busy ? passed : undefined
    const whole = end - first === content.size
    const response = await request(content, whole ? undefined : { first, end }, call)
    const bytes = exactly(content, response.body, end - first)
    yield* mine ? verified(content, bytes, mine) : bytes
  }
}

async function request(content: Content, part: Part | undefined, call: CallOptions): Promise<HttpResponse> {
  const response = await askForRevision(content, part, call)
  const total = part ? totalOfRange(response, part) : Number(response.header('content-length') ?? content.size)
  if (total === content.size) return response
  await leave(response.body)
  if (total !== undefined) throw changed(content)
  throw failed(content, 'protocol', 'the service sent another range than was asked for')
}

async function askForRevision(content: Content, part: Part | undefined, call: CallOptions): Promise<HttpResponse> {
  const number = content.entry.revision
  try {
    return await ask(content, number, part, call)
  } catch (error) {
    if (isStorageError(error) && error.details.status === 416) throw changed(content)
    if (!isStorageError(error, 'not-found')) throw error
    return askForCurrent(content, part, call)
  }
}

/** The current revision may have no number to the service; else what was listed is not to be had. */
async function askForCurrent(content: Content, part: Part | undefined, call: CallOptions): Promise<HttpResponse> {
  const { drive, entry } = content
  const now = await stat(drive, entry.path, call)
  if (now?.kind !== 'file') throw gone(drive, entry.path, 'it was listed, and is no longer there')
  if (now.revision !== entry.revision) throw changed(content)
  try {
    return await ask(content, undefined, part, call)
  } catch (error) {
    if (!isStorageError(error, 'not-found')) throw error
    throw gone(drive, entry.path, 'it is listed, but the service does not have its content')
  }
}

/** The error for a file that a listing showed and that cannot be read. */
export function gone(drive: Drive, path: Path, why: string): StorageError {
  return refusal('gone', why, { drive, operation: 'download', path })
}

function ask(
  { drive, entry }: Content,
  number: string | undefined,
  part: Part | undefined,
  { signal }: CallOptions,
): Promise<HttpResponse> {
  return drive.jfs.get({
    operation: 'download',
    path: entry.path,
    stored: drive.spellings.stored(entry.path),
    query: { mode: 'bin', ...(number !== undefined && { revision: number }) },
    headers: part ? { range: `bytes=${part.first}-${part.end - 1}` } : {},
    signal,
  })
}

/** The size of the whole file that a partial reply names; undefined where it is no reply to what was asked. */
function totalOfRange(response: HttpResponse, part: Part): number | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.header('content-range') ?? '')
  if (response.status !== 206 || !match || Number(match[1]) !== part.first) return undefined
  const total = Number(match[3])
  return Number(match[2]) === Math.min(part.end, total) - 1 ? total : undefined
}

async function* verified(content: Content, bytes: ByteStream, passed: Passed): AsyncGenerator<Uint8Array> {
  passed.busy = true
  try {
    for await (const chunk of bytes) {
      passed.hasher.update(chunk)
      passed.at += chunk.length
      yield chunk
    }
  } finally {
    passed.busy = false
  }
  if (passed.at < content.size || passed.hasher.digest() === content.entry.hashes.md5) return
  throw failed(content, 'corrupt', 'what arrived does not have the MD5 of the file')
}

async function* exactly(content: Content, body: ByteStream, length: number): AsyncGenerator<Uint8Array> {
  let got = 0
  for await (const chunk of body) {
    got += chunk.length
    if (got > length) throw failed(content, 'protocol', 'the service sent more bytes than were asked for')
    yield chunk
  }
  if (got < length) throw failed(content, 'network', `the connection ended after ${got} of ${length} bytes`)
}

/** Ends a reply that nobody wants to hear, without waiting for the rest. */
async function leave(body: ByteStream): Promise<void> {
  for await (const _ of body) return
}

function changed(content: Content): Error {
  return refusal('changed', 'the file is another one meanwhile', about(content))
}

function failed(content: Content, code: ErrorCode, why: string): Error {
  return refusal(code, why, { ...about(content), retry: 'later' })
}

function about({ drive, entry }: Content): { drive: Drive; operation: string; path: string } {
  return { drive, operation: 'download', path: entry.path }
}
