import { Buffer } from 'node:buffer'
import type { BigIntStats } from 'node:fs'
import { closeSync, constants, fstatSync, openSync, read as readCallback, readlinkSync, readSync } from 'node:fs'
import { promisify } from 'node:util'
import type { FileEntry } from '../../core/entry.ts'
import { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { OpenOptions, Reader } from '../../core/remote.ts'
import { sliceRange } from '../../core/source.ts'
import type { ByteStream, CallOptions, Range } from '../../core/stream.ts'
import { absent, failure, onDisk, translated } from './failure.ts'
import { fileEntry, look } from './look.ts'
import type { Seen } from './look.ts'
import type { Place } from './place.ts'
import { goTime } from './go-time.ts'

const read = promisify(readCallback)
const pieceSize = 1024 * 1024
/** Up to here one synchronous read is faster than the way through the thread pool. */
const smallSize = 256 * 1024

/** `Remote.open`: the reader holds the file open, so that it reads the same file even when another takes its name. */
export async function open(place: Place, path: Path, options: OpenOptions = {}): Promise<Reader> {
  options.signal?.throwIfAborted()
  const seen = look(place, path)
  if (seen?.kind === 'link') return openLink(place, seen, options)
  return createReader(openFile(place, path, { ...options, seen }))
}

/**
 * Opens a regular file; whoever does must close `fd`.
 * @param options `seen`: what a look at the path has found
 */
export function openFile(
  place: Place,
  path: Path,
  options: OpenOptions & { readonly seen: Seen | undefined },
): OpenFile {
  const { seen } = options
  if (!seen) throw absent(place, 'not-found', 'open', path)
  if (seen.kind === 'dir') throw failure(place, 'is-dir', 'open', path, 'is a directory')
  // Without NONBLOCK the opening of a pipe that has just taken the name would wait for ever.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK || 0)
  const fd = onDisk(place, 'open', path, () => openSync(seen.disk, flags))
  try {
    const stats = onDisk(place, 'stat', path, () => fstatSync(fd, { bigint: true }))
    if (!stats.isFile()) throw failure(place, 'not-found', 'open', path, 'not a regular file')
    const entry = fileEntry(path, stats)
    checkExpected(place, entry, options)
    return { place, fd, entry }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function createReader(file: OpenFile): Reader {
  return {
    entry: file.entry,
    stream: (range, options) => stream(file, range, options),
    [Symbol.asyncDispose]: async () => closeFile(file),
  }
}

/** Closes what {@link openFile} opened. */
export function closeFile({ place, fd, entry }: OpenFile): void {
  onDisk(place, 'close', entry.path, () => closeSync(fd))
}

/** A regular file, held open. */
export interface OpenFile {
  readonly place: Place
  readonly fd: number
  readonly entry: FileEntry
}

async function* stream(file: OpenFile, range: Range = {}, { signal }: CallOptions = {}): ByteStream {
  const size = file.entry.size ?? 0
  const end = Math.min(size, (range.offset ?? 0) + (range.length ?? size))
  for (let at = range.offset ?? 0; at < end;) {
    signal?.throwIfAborted()
    const piece = await readPiece(file, at, end - at)
    checkUnchanged(file, piece.length === 0)
    if (piece.length === 0) return
    at += piece.length
    yield piece
  }
}

async function readPiece({ place, fd, entry }: OpenFile, at: number, left: number): Promise<Uint8Array> {
  if (left <= smallSize) {
    const buffer = Buffer.allocUnsafe(left)
    return buffer.subarray(
      0,
      onDisk(place, 'read', entry.path, () => readSync(fd, buffer, 0, left, at)),
    )
  }
  const length = Math.min(left, pieceSize)
  try {
    const { bytesRead, buffer } = await read(fd, Buffer.allocUnsafe(length), 0, length, at)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    throw translated(place, 'read', entry.path, error)
  }
}

/**
 * Looks after each piece and before it is given out, so that no bytes of a later content get through.
 * @throws StorageError 'changed'
 */
export function checkUnchanged({ place, fd, entry }: OpenFile, ended: boolean): void {
  if (place.settings.noCheckUpdated) return
  const stats = onDisk(place, 'stat', entry.path, () => fstatSync(fd, { bigint: true }))
  if (ended || differs(entry, stats)) throw changed(entry, stats)
}

/** By size and time alone: there are file systems that give a file another inode at every look. */
export function differs(entry: FileEntry, stats: BigIntStats): boolean {
  return stats.mtimeNs !== entry.modified || Number(stats.size) !== entry.size
}

/** rclone's words (docs: rclone's surface 5.5). Only who looks at the file anew can go on, which is another run. */
function changed(entry: FileEntry, now: Pick<BigIntStats, 'size' | 'mtimeNs'>): StorageError {
  const what =
    Number(now.size) === entry.size
      ? `mod time changed from ${goTime(entry.modified)} to ${goTime(now.mtimeNs)}`
      : `size changed from ${entry.size} to ${now.size}`
  return new StorageError('changed', `can't copy - source file is being updated (${what})`, {
    retry: 'given-up',
    details: { operation: 'read', path: entry.path },
  })
}

function checkExpected(place: Place, entry: FileEntry, { expect, revision }: OpenOptions): void {
  if (revision !== undefined && revision !== entry.revision)
    throw failure(place, 'not-found', 'open', entry.path, 'no such revision')
  if (!expect || place.settings.noCheckUpdated) return
  if (expect.size !== entry.size || expect.modified !== entry.modified)
    throw changed(expect, { size: BigInt(entry.size ?? 0), mtimeNs: entry.modified })
}

/** A link shown as a text file: its target. */
function openLink(place: Place, { path, disk, stats }: Seen, options: OpenOptions): Reader {
  const entry = fileEntry(path, stats)
  checkExpected(place, entry, options)
  const target = onDisk(place, 'readlink', path, () => readlinkSync(disk, 'buffer'))
  return {
    entry,
    async *stream(range = {}, { signal } = {}) {
      signal?.throwIfAborted()
      const part = sliceRange(target, range)
      if (part.length > 0) yield Buffer.from(part)
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
