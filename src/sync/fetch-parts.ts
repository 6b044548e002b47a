import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { isStorageError } from '../core/errors.ts'
import type { Part } from '../core/remembered.ts'
import type { PartsWriter, Reader } from '../core/remote.ts'
import type { Pace } from '../operations/paced.ts'
import { paced } from '../operations/paced.ts'
import { linked, mapConcurrent } from '../util/async.ts'
import type { MultiThread } from './options.ts'

/** How a file is fetched in several streams. */
export interface FetchOptions {
  readonly streams: number
  /** Bytes that one stream fetches at a time. */
  readonly chunkSize: number
  readonly pace: Pace | undefined
  /** Told how many bytes are there: never falling, at the end the size. */
  readonly onProgress: (position: number) => void
}

/** One connection to Jottacloud is slow; several together are not. */
export const defaultParts: MultiThread = { cutoff: 16 * 1024 * 1024, streams: 4, chunkSize: 64 * 1024 * 1024 }

/** How much is written in one go, and how much is fetched before it is made safe and remembered, in bytes. */
const gathered = 1024 * 1024
const keptEvery = 8 * 1024 * 1024
const leastChunk = 1024 * 1024

/**
 * Fetches what `writer` does not have of a file of `size` bytes, several ranges at once, and makes it the file when it is whole. After an
 * error or a kill what was kept is there for the next run; where the content itself is wrong, or the disk full, nothing stays.
 * @throws StorageError 'corrupt', 'changed', and what reader and writer throw
 */
export async function fetchParts(
  ctx: Context,
  { reader, writer, size }: { readonly reader: Reader; readonly writer: PartsWriter; readonly size: number },
  o: FetchOptions,
): Promise<FileEntry> {
  const missing = [...split(gaps(writer.have, size), chunkOf(size, o))]
  let position = size - missing.reduce((sum, { from, to }) => sum + to - from, 0)
  const arrived = (bytes: number): void => {
    position += bytes
    o.onProgress(position)
  }
  using abort = linked(ctx.signal)
  try {
    await mapConcurrent(missing, o.streams, async (part) => {
      try {
        await fetchPart({ reader, writer, part, signal: abort.signal }, o, arrived)
      } catch (error) {
        // The other streams would only be waited for
        abort.abort(error)
        throw error
      }
    })
    return await writer.commit()
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (isStorageError(error, 'changed', 'corrupt', 'not-found', 'disk-full')) writer.discard(error)
    throw error
  }
}

async function fetchPart(
  {
    reader,
    writer,
    part,
    signal,
  }: { readonly reader: Reader; readonly writer: PartsWriter; readonly part: Part; readonly signal: AbortSignal },
  { pace }: FetchOptions,
  arrived: (bytes: number) => void,
): Promise<void> {
  let chunks: Uint8Array[] = []
  let [written, waiting, kept] = [part.from, 0, part.from]
  const write = async (): Promise<void> => {
    await writer.write(written, chunks)
    written += waiting
    arrived(waiting)
    chunks = []
    waiting = 0
  }
  const range = { offset: part.from, length: part.to - part.from }
  try {
    for await (const chunk of paced(reader.stream(range, { signal }), pace, signal)) {
      chunks.push(chunk)
      waiting += chunk.length
      if (waiting < gathered) continue
      await write()
      if (written - kept < keptEvery) continue
      await writer.keep({ from: kept, to: written })
      kept = written
    }
    if (waiting > 0) await write()
  } finally {
    // Also what has come before it broke off
    if (written > kept) await writer.keep({ from: kept, to: written })
  }
}

/** What lies between the parts. */
export function gaps(have: readonly Part[], size: number): readonly Part[] {
  const missing: Part[] = []
  let at = 0
  for (const { from, to } of have) {
    if (from > at) missing.push({ from: at, to: Math.min(from, size) })
    at = Math.max(at, to)
  }
  if (at < size) missing.push({ from: at, to: size })
  return missing
}

function chunkOf(size: number, { streams, chunkSize }: FetchOptions): number {
  return Math.max(leastChunk, Math.min(chunkSize > 0 ? chunkSize : size, Math.ceil(size / Math.max(1, streams))))
}

function* split(parts: readonly Part[], length: number): Generator<Part> {
  for (const { from, to } of parts)
    for (let at = from; at < to; at += length) yield { from: at, to: Math.min(to, at + length) }
}
