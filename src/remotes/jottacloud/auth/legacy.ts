import { randomInt } from 'node:crypto'
import { isStorageError, refine, StorageError } from '../../../core/errors.ts'
import type { Token } from '../../../core/token.ts'
import { readTokenReply, sendTokenRequest, withRefreshToken } from '../../../http/oauth.ts'
import type { HttpClient } from '../../../http/types.ts'
import { isObscured, reveal } from '../../../options/obscure.ts'
import { parseObject, stringIn } from '../api/json.ts'
import { requestOk } from '../api/request.ts'

/** A client of the legacy login, as it is sent. */
export interface LegacyClient {
  readonly id: string
  readonly secret: string
}

// Public constants of the service that every client has (docs/protocol.md §2.7).
const sharedClientId = 'nibfk8biu12ju7hpqomr8b1e40'
const sharedClientSecret = 'Vp8eAv7eVElMnQwN-kgU9cbhgApNDaMqWdlDi5qFydlQoji4JBxrGMF2'
const registration = 'c2xrZmpoYWRsZmFramhkc2xma2phaHNkbGZramhhc2xkZmtqaGFzZGxrZmpobGtq'

/** The name of the refresh grant here, which is in lower case everywhere else. */
export const legacyRefreshGrant = 'REFRESH_TOKEN'

/** Where legacy logins are made and refreshed. @param api the base of the JSON API, with a slash at the end */
export function legacyTokenUrl(api: string): string {
  return `${api}auth/v1/token`
}

/**
 * The client of a section: one that was registered for this machine, its secret obscured, or the one that all share.
 * @param id and `secret`: the keys client_id and client_secret
 */
export function legacyClient(id: string, secret: string): LegacyClient {
  if (id === '') return { id: sharedClientId, secret: reveal(sharedClientSecret) }
  return { id, secret: isObscured(secret) ? reveal(secret) : secret }
}

/**
 * Gives this machine a client of its own (docs/protocol.md §2.7).
 * @throws StorageError 'protocol' for a reply that makes no sense
 */
export async function registerLegacyClient(
  client: HttpClient,
  api: string,
  signal: AbortSignal,
): Promise<LegacyClient> {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const device = Array.from({ length: 21 }, () => letters[randomInt(letters.length)]).join('')
  const headers = {
    authorization: `Bearer ${registration}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const url = `${api}auth/v1/register?device_id=fjord-${device}`
  const attempt = { remote: 'jottacloud', operation: 'register', repeatable: false }
  const response = await requestOk(client, { method: 'POST', url, headers, body: '', signal }, attempt)
  const reply = parseObject(await response.text()) ?? {}
  const [id, secret] = [stringIn(reply, 'client_id'), stringIn(reply, 'client_secret')]
  if (id && secret) return { id, secret }
  throw new StorageError('protocol', 'register: the service named no client', { details: { operation: 'register' } })
}

/** What became of a try to log in. */
export type LegacyAnswer =
  | { readonly token: Token }
  /** A code has been sent by SMS; `wrong` where the one that was given does not fit. */
  | { readonly wants: 'code'; readonly wrong: boolean }

/** A user, as typed. */
export interface LegacyUser {
  readonly username: string
  readonly password: string
  /** Of an SMS; '' where none was asked for yet. */
  readonly code: string
}

/**
 * Logs in with user name and password (docs/protocol.md §2.7). They travel in the body, where no log of addresses has them.
 * @throws StorageError 'auth' for a wrong password, and as {@link readTokenReply}
 */
export async function legacyLogin(
  client: HttpClient,
  user: LegacyUser,
  o: { readonly tokenUrl: string; readonly as: LegacyClient; readonly signal: AbortSignal; readonly now: () => number },
): Promise<LegacyAnswer> {
  const code = user.code.replaceAll(/[\s-]/g, '')
  const request = {
    client,
    tokenUrl: o.tokenUrl,
    form: {
      grant_type: 'PASSWORD',
      username: user.username,
      password: user.password,
      client_id: o.as.id,
      client_secret: o.as.secret,
    },
    ...(code !== '' && { headers: { 'X-Jottacloud-Otp': code } }),
    signal: o.signal,
    now: o.now,
  }
  const response = await sendTokenRequest(request)
  const refused = response.status === 400 || response.status === 401
  if (refused && response.header('x-jottacloud-otp')?.trim().toLowerCase() === 'required; sms') {
    await response.discard()
    return { wants: 'code', wrong: code !== '' }
  }
  try {
    return { token: withRefreshToken(await readTokenReply(response, request), o.tokenUrl) }
  } catch (error) {
    throw isStorageError(error, 'auth') ? refine(error, { details: { hint: passwordHint } }) : error
  }
}

const passwordHint =
  'Check the e-mail address and the password; services that left this way of logging in are reached by config_type=traditional.'
