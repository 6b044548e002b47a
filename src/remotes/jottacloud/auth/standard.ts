import { isStorageError, refine, StorageError } from '../../../core/errors.ts'
import type { Token } from '../../../core/token.ts'
import { passwordGrant } from '../../../http/oauth.ts'
import type { HttpClient } from '../../../http/types.ts'
import type { LoginResult } from '../../../options/remote-definition.ts'
import { safeUrl } from '../api/address.ts'
import { parseObject, stringIn } from '../api/json.ts'
import { requestOk } from '../api/request.ts'
import type { LoginToken } from './login-token.ts'
import { decodeLoginToken, loginTokenHint } from './login-token.ts'

/** The client that fjord and rclone log in as: Jottacloud's own command line. It has no secret. */
export const standardClientId = 'jottacli'

/**
 * Logs in with a personal login token (docs/protocol.md §2.2), which is spent by it.
 * @param client one without a login
 * @throws StorageError 'invalid-argument' for what is no login token, 'auth' for one that is spent or wrong
 */
export async function standardLogin(
  client: HttpClient,
  pasted: string,
  { signal, now }: { readonly signal: AbortSignal; readonly now: () => number },
): Promise<LoginResult> {
  const login = decodeLoginToken(pasted)
  const tokenUrl = await discover(client, login, signal)
  const token = await grant(client, login, { tokenUrl, signal, now })
  return {
    token,
    keys: { configVersion: '1', client_id: standardClientId, client_secret: '', tokenURL: tokenUrl },
  }
}

async function discover(client: HttpClient, login: LoginToken, signal: AbortSignal): Promise<string> {
  const operation = 'login'
  const attempt = { remote: 'jottacloud', operation, repeatable: true }
  const response = await requestOk(client, { method: 'GET', url: login.wellKnownUrl, signal }, attempt)
  const url = safeUrl(stringIn(parseObject(await response.text()) ?? {}, 'token_endpoint') ?? '')
  if (url) return url.href
  throw new StorageError('protocol', 'login: the service named no address to log in at', { details: { operation } })
}

async function grant(
  client: HttpClient,
  login: LoginToken,
  { tokenUrl, signal, now }: { readonly tokenUrl: string; readonly signal: AbortSignal; readonly now: () => number },
): Promise<Token> {
  try {
    return await passwordGrant({
      client,
      tokenUrl,
      clientId: standardClientId,
      username: login.username,
      password: login.secret,
      signal,
      now,
    })
  } catch (error) {
    throw isStorageError(error, 'auth') ? refine(error, { details: { hint: loginTokenHint } }) : error
  }
}
