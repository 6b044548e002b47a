import { type ErrorCode, StorageError } from '../core/errors.ts'
import { timeFrom, type Time } from '../core/time.ts'
import type { Token } from '../core/token.ts'
import { redact } from './redact.ts'
import { parseRetryAfter } from './retry.ts'
import type { HttpClient, HttpResponse } from './types.ts'

/** What a token endpoint is asked with. */
export interface TokenRequest {
  /** One without a login of its own. */
  readonly client: HttpClient
  readonly tokenUrl: string
  /** Sent as a form, keys in order; the client's id and secret are among them ("params" style, docs/protocol.md §2.3). */
  readonly form: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Milliseconds since 1970; the real clock where absent. */
  readonly now?: () => number
}

/** A token as the endpoint gave it: a refresh does not always bring a new refresh token. */
export type TokenReply = Omit<Token, 'refreshToken'> & { readonly refreshToken: string | undefined }

interface Grant extends Pick<TokenRequest, 'client' | 'tokenUrl' | 'now'> {
  readonly clientId: string
  readonly clientSecret?: string | undefined
}

/** Go's zero time, which rclone writes for a token that does not expire by the clock. */
const never: Time = timeFrom(Date.parse('0001-01-01T00:00:00Z'))

/**
 * Asks a token endpoint once (docs/protocol.md §2.2, §2.3): a token must not be presented twice, so nothing is repeated
 * whose fate is unknown.
 * @throws as {@link readTokenReply}, and what the client throws
 */
export async function requestToken(request: TokenRequest): Promise<TokenReply> {
  const askedAt = (request.now ?? Date.now)()
  return await readTokenReply(await sendTokenRequest(request), request, askedAt)
}

/** Sends the form of a token request once. Any status is a reply. */
export function sendTokenRequest(request: TokenRequest): Promise<HttpResponse> {
  const form = new URLSearchParams({ ...request.form })
  form.sort()
  return request.client.request({
    method: 'POST',
    url: request.tokenUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...request.headers },
    body: form.toString(),
    repeatable: false,
    operation: 'token',
    signal: request.signal,
  })
}

/**
 * Reads what a token endpoint answered.
 * @param askedAt milliseconds since 1970, from which the lifetime counts
 * @throws StorageError 'auth' where the grant or the client is refused, with OAuth's own word in `details.system`;
 * 'rate-limited' | 'unavailable' (retry 'later'), 'protocol'. No secret is in the message.
 */
export async function readTokenReply(
  response: HttpResponse,
  request: TokenRequest,
  askedAt = (request.now ?? Date.now)(),
): Promise<TokenReply> {
  const reply = parseObject(await response.text())
  if (response.status < 200 || response.status > 299) throw refusal(response, reply, request)
  const accessToken = text(reply?.['access_token'])
  if (accessToken === undefined) {
    throw new StorageError('protocol', `${redact(request.tokenUrl)} answered without an access token`, {
      effect: 'unknown',
    })
  }
  return {
    accessToken,
    tokenType: text(reply?.['token_type']) ?? 'Bearer',
    refreshToken: text(reply?.['refresh_token']),
    expiry: expiryOf(Number(reply?.['expires_in']), askedAt),
  }
}

/**
 * When a token expires; Go's zero time, which rclone writes, where the endpoint does not say.
 * @param seconds the reply's `expires_in`
 * @param askedAt milliseconds since 1970
 */
export function expiryOf(seconds: number | undefined, askedAt: number): Time {
  return seconds !== undefined && seconds > 0 ? timeFrom(askedAt + seconds * 1000) : never
}

/**
 * Exchanges a refresh token for a new token; where the reply brings no new refresh token, the old one stays. It takes no
 * signal: once asked, the answer must be stored.
 * @param grant `grantType` is `REFRESH_TOKEN` for the legacy service (docs/protocol.md §2.7)
 * @throws as {@link requestToken}
 */
export async function refreshToken(
  grant: Grant & { readonly refreshToken: string; readonly grantType?: string },
): Promise<Token> {
  const reply = await requestToken({
    ...endpoint(grant),
    form: {
      ...clientForm(grant),
      grant_type: grant.grantType ?? 'refresh_token',
      refresh_token: grant.refreshToken,
    },
  })
  return { ...reply, refreshToken: reply.refreshToken ?? grant.refreshToken }
}

/**
 * Logs in with the user name and the one-time secret of a personal login token (docs/protocol.md §2.2).
 * @throws as {@link requestToken}; 'protocol' where the reply has no refresh token
 */
export async function passwordGrant(
  grant: Grant & {
    readonly username: string
    readonly password: string
    readonly scope?: string
    readonly signal?: AbortSignal | undefined
  },
): Promise<Token> {
  const reply = await requestToken({
    ...endpoint(grant),
    signal: grant.signal,
    form: {
      ...clientForm(grant),
      grant_type: 'password',
      username: grant.username,
      password: grant.password,
      scope: grant.scope ?? 'openid offline_access',
    },
  })
  return withRefreshToken(reply, grant.tokenUrl)
}

/** The token of a first login. @throws StorageError 'protocol' where it cannot be refreshed later */
export function withRefreshToken(reply: TokenReply, tokenUrl: string): Token {
  const { refreshToken: refresh } = reply
  if (refresh !== undefined) return { ...reply, refreshToken: refresh }
  throw new StorageError('protocol', `${redact(tokenUrl)} answered without a refresh token`)
}

function endpoint({ client, tokenUrl, now }: Grant): Pick<TokenRequest, 'client' | 'tokenUrl' | 'now'> {
  return { client, tokenUrl, ...(now && { now }) }
}

function clientForm({ clientId, clientSecret }: Grant): Record<string, string> {
  return { client_id: clientId, ...(clientSecret ? { client_secret: clientSecret } : {}) }
}

const loginRefused = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'access_denied',
  'invalid_token',
])

function refusal(
  response: HttpResponse,
  reply: Readonly<Record<string, unknown>> | undefined,
  request: TokenRequest,
): StorageError {
  const { status } = response
  const word = text(reply?.['error'])
  const description = text(reply?.['error_description'])
  const said = [`HTTP status ${status}`, word, description].filter((part) => part !== undefined).join(', ')
  const code = codeOf(status, word)
  return new StorageError(code, `${redact(request.tokenUrl)} refused: ${withoutSecrets(said, request.form)}`, {
    retry: code === 'unavailable' || code === 'rate-limited' ? 'later' : 'no',
    effect: status >= 500 ? 'unknown' : 'none',
    details: {
      operation: 'token',
      status,
      system: word,
      retryAfter: parseRetryAfter(response.header('retry-after')),
    },
  })
}

function codeOf(status: number, word: string | undefined): ErrorCode {
  if (status === 401 || (status < 500 && word !== undefined && loginRefused.has(word))) return 'auth'
  if (status === 429) return 'rate-limited'
  return status >= 500 ? 'unavailable' : 'protocol'
}

/** A server may repeat what it was sent. */
function withoutSecrets(said: string, form: TokenRequest['form']): string {
  const secrets = ['refresh_token', 'password', 'client_secret', 'code'].flatMap((name) => form[name] || [])
  return redact(secrets.reduce((rest, secret) => rest.replaceAll(secret, 'XXXX'), said))
}

function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
