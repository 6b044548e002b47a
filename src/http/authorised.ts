import { StorageError } from '../core/errors.ts'
import { abortable } from '../util/abortable.ts'
import { redact } from './redact.ts'
import type { TokenSource } from './tokens.ts'
import type { HttpClient, HttpRequest, HttpResponse } from './types.ts'

/**
 * A client that sends the access token of a login. A request answered by 401 (docs/protocol.md §2.4) is sent once more with
 * another token, where there is one: the server has refused it before doing anything. Of a body that is a stream it may have
 * taken a part: that is an error 'auth' with retry 'later', for who sent it to find out where to go on. An abort leaves a
 * refresh running.
 */
export function authorised(client: HttpClient, tokens: TokenSource): HttpClient {
  const send = (request: HttpRequest, token: string): Promise<HttpResponse> =>
    client.request({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } })
  return {
    async request(request) {
      request.signal?.throwIfAborted()
      const token = await abortable(tokens.get(), request.signal)
      const response = await send(request, token)
      if (response.status !== 401) return response
      const other = await replacement(tokens, token, { request, response })
      if (other === token) return response
      if (isStream(request.body)) throw expired(request)
      return send(request, other)
    },
    async close() {
      await tokens.settled()
      await client.close()
    },
  }
}

function isStream(body: HttpRequest['body']): boolean {
  return typeof body === 'object' && !(body instanceof Uint8Array) && body.length > 0
}

function expired({ operation, method, url }: HttpRequest): StorageError {
  const message = `${operation}: ${method} ${redact(url)}: the token expired on the way and has been refreshed`
  return new StorageError('auth', message, { retry: 'later', details: { operation, status: 401 } })
}

/** Another token than the refused one; its answer is done with unless there is none. */
async function replacement(
  tokens: TokenSource,
  token: string,
  { request, response }: { readonly request: HttpRequest; readonly response: HttpResponse },
): Promise<string> {
  let other: string | undefined
  try {
    other = await abortable(tokens.refused(token), request.signal)
    return other
  } finally {
    if (other !== token) await response.discard()
  }
}
