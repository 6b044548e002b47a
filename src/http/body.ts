import { Readable } from 'node:stream'
import type { ByteStream } from '../core/stream.ts'
import type { HttpRequest } from './types.ts'

/** A body in the form that undici takes, with what its source threw while it was read. */
export interface OutgoingBody {
  readonly payload: string | Uint8Array | Readable | undefined
  /** Bytes; undefined where undici counts them itself. */
  readonly length: number | undefined
  failure(): { readonly error: unknown } | undefined
}

/** Prepares the body of one attempt. A stream is read as fast as the connection takes it, one chunk ahead. */
export function outgoing(body: HttpRequest['body']): OutgoingBody {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    return { payload: body, length: undefined, failure: () => undefined }
  }
  if (body.length === 0) return { payload: undefined, length: undefined, failure: () => undefined }
  let failure: { readonly error: unknown } | undefined
  const payload = Readable.from(
    watched(body.stream(), (error) => {
      failure = { error }
    }),
  )
  return { payload, length: body.length, failure: () => failure }
}

/**
 * The stream with its own failures reported. It has no `throw`: a connection's error, which Readable throws into a generator,
 * must not look like one of the source.
 */
function watched(stream: ByteStream, failed: (error: unknown) => void): ByteStream {
  return {
    [Symbol.asyncIterator]() {
      const inner = stream[Symbol.asyncIterator]()
      return {
        async next() {
          try {
            return await inner.next()
          } catch (error) {
            failed(error)
            throw error
          }
        },
        async return() {
          await inner.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
