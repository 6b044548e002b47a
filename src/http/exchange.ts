import { setMaxListeners } from 'node:events'
import type { StorageError } from '../core/errors.ts'
import { abortable } from '../util/abortable.ts'
import { outgoing } from './body.ts'
import { describeFailure } from './failure.ts'
import { type Answer, incoming } from './response.ts'
import type { Transport } from './transport.ts'
import type { HttpRequest } from './types.ts'

/** What became of one attempt: an answer, or a connection that failed. */
export type Outcome = { readonly response: Answer } | { readonly failure: StorageError }

/** A request with everything that goes over the wire. */
export interface Message {
  readonly request: HttpRequest
  /** `https://host:port` */
  readonly origin: string
  /** Path and query as they are sent. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[]>>
}

/**
 * Sends `message` once.
 * @throws the reason of an abort, or what the body's stream threw; failures of the connection are returned
 */
export async function exchange(transport: Transport, message: Message, idleTimeout: number): Promise<Outcome> {
  const { request, origin, path } = message
  const dispatcher = transport.to(origin)
  const body = outgoing(request.body)
  const headers =
    body.length === undefined ? message.headers : { ...message.headers, 'content-length': String(body.length) }
  const describe = (error: unknown): StorageError =>
    describeFailure(error, { request, neverConnected: transport.neverConnected(error), idleTimeout })
  // All requests of a run hang on one signal: dozens of listeners are no leak.
  if (request.signal) setMaxListeners(0, request.signal)
  try {
    const answer = dispatcher.request({
      origin,
      path,
      method: request.method,
      headers,
      body: body.payload ?? null,
      signal: request.signal ?? null,
    })
    // undici hears of an abort only once it is connected.
    const data = await abortable(answer, request.signal)
    return { response: incoming(data, request, describe) }
  } catch (error) {
    request.signal?.throwIfAborted()
    const own = body.failure()
    if (own) throw own.error
    return { failure: describe(error) }
  }
}
