import { isStorageError, refine } from '../../../core/errors.ts'
import type { HttpClient, HttpRequest, HttpResponse } from '../../../http/types.ts'
import type { Attempt } from './failure.ts'
import { failureOf } from './failure.ts'

/** What is sent; the rest of a request is what the attempt says. */
export type Outgoing = Omit<HttpRequest, 'operation' | 'repeatable'>

/**
 * Sends a request; any status is a reply.
 * @throws StorageError what the client throws, with the remote and the path
 */
export async function request(http: HttpClient, outgoing: Outgoing, attempt: Attempt): Promise<HttpResponse> {
  const { operation, repeatable, remote, path } = attempt
  try {
    return await http.request({ ...outgoing, operation, repeatable })
  } catch (error) {
    throw isStorageError(error) ? refine(error, { details: { remote, path, ...error.details } }) : error
  }
}

/**
 * Sends a request that is to succeed.
 * @throws StorageError like {@link request}, and for every reply outside 2xx
 */
export async function requestOk(http: HttpClient, outgoing: Outgoing, attempt: Attempt): Promise<HttpResponse> {
  const response = await request(http, outgoing, attempt)
  if (isOk(response)) return response
  throw await failureOf(response, attempt)
}

/** Whether the service did what it was asked to. */
export function isOk({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300
}
