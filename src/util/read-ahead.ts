import { linked } from './async.ts'
import { channel } from './channel.ts'

/**
 * The chunks of a stream, which is read beside whoever takes them: on until so many bytes wait, and one chunk more.
 * @param open given a signal that ends the reading, also when nobody wants more; its error comes after the chunks before it
 */
export async function* readAhead(
  open: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
  bytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  using stop = linked(signal)
  const read = async (emit: (chunk: Uint8Array) => Promise<void>): Promise<void> => {
    for await (const chunk of open(stop.signal)) await emit(chunk)
  }
  const chunks = channel(bytes, read, ({ length }) => length)
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  } finally {
    stop.abort(new Error('nobody reads any more'))
    await chunks.return(undefined)
  }
}
