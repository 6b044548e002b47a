import type { ByteStream } from '../../core/stream.ts'

/** Chunks that are written in one go. */
export interface Batch {
  readonly chunks: readonly Uint8Array[]
  /** Bytes in all chunks. */
  readonly length: number
}

/** From so many bytes on a batch is written. */
export const batchSize = 1024 * 1024
/** What one writev takes on every system. */
const batchChunks = 1024

/**
 * Gathers chunks, uncopied, to batches of at least 1 MiB; the last one has what is left. Empty chunks are dropped.
 * @param onBatch called when the first bytes of a batch have come
 */
export async function* gather(stream: ByteStream, onBatch?: () => unknown): AsyncIterable<Batch> {
  let chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    if (chunk.length === 0) continue
    if (length === 0) onBatch?.()
    chunks.push(chunk)
    length += chunk.length
    if (length < batchSize && chunks.length < batchChunks) continue
    yield { chunks, length }
    chunks = []
    length = 0
  }
  if (length > 0) yield { chunks, length }
}
