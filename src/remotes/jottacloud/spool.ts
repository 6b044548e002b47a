import { randomUUID } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, StorageError } from '../../core/errors.ts'
import { createHasher } from '../../core/hash.ts'
import type { ByteStream, CallOptions, Range } from '../../core/stream.ts'

/** Content that was read once and can be read again. */
export interface Spool extends AsyncDisposable {
  readonly size: number
  /** Lower-case hex. */
  readonly md5: string
  stream(range?: Range): ByteStream
}

export interface SpoolOptions extends CallOptions {
  /** Bytes that are kept in memory; what is longer goes to a file. */
  readonly memoryLimit: number
  readonly tempDir: string
  /** Bytes that are expected, where that is known. */
  readonly expected: number | undefined
}

const pieceSize = 1024 * 1024

/**
 * Reads `stream` to its end and keeps it: in memory as far as allowed, else in a file without a name, which is gone when the
 * spool is disposed or the program ends.
 * @throws StorageError 'disk-full', before anything is read where too much is expected; 'io'; what the stream throws
 */
export async function spool(stream: ByteStream, options: SpoolOptions): Promise<Spool> {
  if ((options.expected ?? 0) > options.memoryLimit) await requireRoom(options)
  const hasher = createHasher('md5')
  let size = 0
  let kept: Uint8Array[] = []
  let file: FileHandle | undefined
  try {
    for await (const chunk of stream) {
      options.signal?.throwIfAborted()
      hasher.update(chunk)
      size += chunk.length
      kept.push(chunk)
      if (!file && size <= options.memoryLimit) continue
      file ??= await openNameless(options.tempDir)
      for (const piece of kept) await append(file, piece, options.tempDir)
      kept = []
    }
  } catch (error) {
    await file?.close()
    throw error
  }
  return {
    size,
    md5: hasher.digest(),
    stream: (range = {}) => (file ? fromFile(file, range) : fromMemory(kept, range)),
    async [Symbol.asyncDispose]() {
      await file?.close()
    },
  }
}

async function requireRoom({ tempDir, expected = 0 }: SpoolOptions): Promise<void> {
  const disk = await statfs(tempDir).catch((error: unknown) => {
    throw failed(error, tempDir)
  })
  if (disk.bavail * disk.bsize < expected) throw diskFull(tempDir)
}

async function openNameless(tempDir: string): Promise<FileHandle> {
  const path = join(tempDir, `fjord-${randomUUID()}`)
  try {
    const file = await open(path, 'wx+', 0o600)
    await rm(path)
    return file
  } catch (error) {
    throw failed(error, tempDir)
  }
}

async function append(file: FileHandle, bytes: Uint8Array, tempDir: string): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, at)
      at += bytesWritten
    }
  } catch (error) {
    throw failed(error, tempDir)
  }
}

async function* fromFile(file: FileHandle, { offset = 0, length = Infinity }: Range): AsyncGenerator<Uint8Array> {
  for (let at = offset, left = length; left > 0;) {
    const piece = new Uint8Array(Math.min(pieceSize, left))
    const { bytesRead } = await file.read(piece, 0, piece.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    left -= bytesRead
    yield piece.subarray(0, bytesRead)
  }
}

async function* fromMemory(
  chunks: readonly Uint8Array[],
  { offset = 0, length = Infinity }: Range,
): AsyncGenerator<Uint8Array> {
  let start = 0
  for (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, offset - start), Math.max(0, offset + length - start))
    start += chunk.length
    if (part.length > 0) yield await Promise.resolve(part)
  }
}

function failed(error: unknown, tempDir: string): StorageError {
  const system = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (system === 'ENOSPC' || system === 'EDQUOT') return diskFull(tempDir, error)
  return new StorageError('io', `What is to be uploaded cannot be kept in ${tempDir}: ${messageOf(error)}`, {
    details: { system, hint: 'Name a directory that can be written to with --temp-dir.' },
    cause: error,
  })
}

function diskFull(tempDir: string, cause?: unknown): StorageError {
  return new StorageError('disk-full', `There is no room in ${tempDir} for what is to be uploaded`, {
    details: { hint: 'Make room, or name another directory with --temp-dir.' },
    cause,
  })
}
