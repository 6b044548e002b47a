import { Buffer } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { StorageError } from '../core/errors.ts'
import type { ByteStream } from '../core/stream.ts'
import { redact } from './redact.ts'
import type { HttpRequest, HttpResponse } from './types.ts'

const defaultTextLimit = 16 * 1024 * 1024
/** More than that is cheaper to get rid of by closing the connection. */
const discardLimit = 128 * 1024

/** An answer with all its headers, for those inside that show them. */
export interface Answer extends HttpResponse {
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/**
 * An answer whose body is still on its way.
 * @param describe turns what the connection threw into a StorageError
 */
export function incoming(
  data: Dispatcher.ResponseData,
  request: HttpRequest,
  describe: (error: unknown) => StorageError,
): Answer {
  const { signal } = request
  const body: ByteStream = {
    async *[Symbol.asyncIterator]() {
      try {
        for await (const chunk of data.body) yield chunk
        await connectionFree()
      } catch (error) {
        signal?.throwIfAborted()
        throw describe(error)
      }
    },
  }
  return {
    status: data.statusCode,
    header: (name) => headerOf(data.headers, name),
    get headers() {
      return Object.entries(data.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): readonly [string, string] => [name, one]),
      )
    },
    body,
    text: (limit = defaultTextLimit) => textOf(body, limit, request),
    async discard() {
      await data.body.dump({ limit: discardLimit })
      await connectionFree()
      signal?.throwIfAborted()
    },
  }
}

/**
 * undici takes a connection for busy until the turn after the answer's end, and would open another for a request that comes
 * at once: twice as many connections, each with its handshake.
 */
async function connectionFree(): Promise<void> {
  await nextTurn()
}

/** An answer whose body has been read already. */
export function replayed(response: Answer, bytes: Uint8Array, request: HttpRequest): Answer {
  const body: ByteStream = {
    async *[Symbol.asyncIterator]() {
      if (bytes.length > 0) yield await Promise.resolve(bytes)
    },
  }
  return {
    ...response,
    body,
    text: (limit = defaultTextLimit) => textOf(body, limit, request),
    discard: () => Promise.resolve(),
  }
}

function headerOf(headers: Dispatcher.ResponseData['headers'], name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  return Array.isArray(value) ? value.join(', ') : value
}

async function textOf(body: ByteStream, limit: number, request: HttpRequest): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) {
      const what = `${request.operation}: ${request.method} ${redact(request.url)}`
      throw new StorageError('protocol', `${what}: the answer is longer than ${limit} bytes`, {
        details: { operation: request.operation },
      })
    }
    chunks.push(chunk)
  }
  return new TextDecoder().decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
}
