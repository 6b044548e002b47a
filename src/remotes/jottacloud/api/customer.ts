import { StorageError } from '../../../core/errors.ts'
import type { HttpClient } from '../../../http/types.ts'
import { parseObject, stringIn } from './json.ts'
import { requestOk } from './request.ts'

/**
 * The internal user name, which every JFS address begins with, from `GET account/v1/customer` (docs/protocol.md §3.1).
 * @param base of the JSON API, with a slash at the end
 * @param remote its name, for errors
 */
export async function fetchUser(
  http: HttpClient,
  { base, remote, signal }: { readonly base: string; readonly remote: string; readonly signal: AbortSignal },
): Promise<string> {
  const operation = 'customer'
  const url = `${base}account/v1/customer`
  const response = await requestOk(http, { method: 'GET', url, signal }, { remote, operation, repeatable: true })
  const user = stringIn(parseObject(await response.text()) ?? {}, 'username') ?? ''
  if (user !== '') return user
  throw new StorageError('protocol', `${operation} ${remote}: the service named no user`, {
    details: { remote, operation },
  })
}
