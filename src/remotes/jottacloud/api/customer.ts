import { StorageError } from '../../../core/errors.ts'
import type { HttpClient } from '../../../http/types.ts'
import type { JsonObject } from './json.ts'
import { parseObject, stringIn } from './json.ts'
import { requestOk } from './request.ts'

/** Where an account is asked for. */
interface Asked {
  /** Of the JSON API, with a slash at the end. */
  readonly base: string
  /** Name of the remote, for errors. */
  readonly remote: string
  readonly signal?: AbortSignal | undefined
}

/** Who an account belongs to, in the service's own words; what it does not say is ''. */
export interface Customer {
  /** The internal user name, which every JFS address begins with. */
  readonly username: string
  readonly email: string
  readonly name: string
  readonly accountType: string
  readonly subscriptionType: string
}

/**
 * The account, from `GET account/v1/customer` (docs/protocol.md §3.1).
 * @throws StorageError 'protocol' where the service names no user
 */
export async function fetchCustomer(http: HttpClient, { base, remote, signal }: Asked): Promise<Customer> {
  const operation = 'customer'
  const url = `${base}account/v1/customer`
  const response = await requestOk(http, { method: 'GET', url, signal }, { remote, operation, repeatable: true })
  const reply: JsonObject = parseObject(await response.text()) ?? {}
  const text = (key: string): string => stringIn(reply, key) ?? ''
  if (text('username') === '') {
    throw new StorageError('protocol', `${operation} ${remote}: the service named no user`, {
      details: { remote, operation },
    })
  }
  return {
    username: text('username'),
    email: text('email'),
    name: text('name'),
    accountType: text('account_type'),
    subscriptionType: text('subscription_type'),
  }
}
