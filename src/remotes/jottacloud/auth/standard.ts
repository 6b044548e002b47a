import { isStorageError, refine } from '../../../core/errors.ts'
import { passwordGrant } from '../../../http/oauth.ts'
import type { HttpClient } from '../../../http/types.ts'
import type { LoginResult } from '../../../options/remote-definition.ts'
import { discover } from './discovery.ts'
import { decodeLoginToken, loginTokenHint } from './login-token.ts'

/** The client that fjord and rclone log in as: Jottacloud's own command line. It has no secret. */
export const standardClientId = 'jottacli'

/**
 * Logs in with a personal login token (docs/protocol.md §2.2), which is spent by it.
 * @param client one without a login
 * @param tokenUrl asked instead of the address that the service names, where it is not ''
 * @throws StorageError 'invalid-argument' for what is no login token, 'auth' for one that is spent or wrong
 */
export async function standardLogin(
  client: HttpClient,
  pasted: string,
  o: { readonly tokenUrl: string; readonly signal: AbortSignal; readonly now: () => number },
): Promise<LoginResult> {
  const { username, secret: password, wellKnownUrl } = decodeLoginToken(pasted)
  const tokenUrl = o.tokenUrl || (await discover(client, wellKnownUrl, o.signal)).tokenUrl
  const { signal, now } = o
  try {
    const token = await passwordGrant({
      client,
      tokenUrl,
      clientId: standardClientId,
      username,
      password,
      signal,
      now,
    })
    return { token, keys: { configVersion: '1', client_id: standardClientId, client_secret: '', tokenURL: tokenUrl } }
  } catch (error) {
    throw isStorageError(error, 'auth') ? refine(error, { details: { hint: loginTokenHint } }) : error
  }
}
