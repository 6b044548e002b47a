/** Bytes in order. A chunk once yielded is never touched again by its producer. */
export type ByteStream = AsyncIterable<Uint8Array>

/**
 * A part of a file: from `offset` (bytes, default 0), at most `length` bytes (default: to the end). Both are whole numbers
 * of 0 or more. What lies beyond the end is left out: a range that begins there gives no bytes and no error.
 */
export interface Range {
  readonly offset?: number
  readonly length?: number
}

/** What every call takes: an abort passes through as `signal.reason`. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** The whole of a stream in one array. For small bodies. */
export async function collect(stream: ByteStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    length += chunk.length
  }
  const only = chunks.length === 1 ? chunks[0] : undefined
  if (only) return only
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
