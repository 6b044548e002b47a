import { randomBytes } from 'node:crypto'
import { HOME_REALM } from './logins/realms.ts'
import type { Store } from './state/store.ts'

/**
 * Makes a personal login token, good for one login: base64url without padding of JSON (docs/protocol.md §2.1).
 * `issuer` is where the client shall log in.
 */
export function createLoginToken(store: Store, issuer: string): string {
  const secret = randomBytes(24).toString('base64url')
  store.commit({ op: 'login', secret })
  const token = {
    username: store.world.username,
    realm: HOME_REALM,
    well_known_link: `${issuer}/.well-known/openid-configuration`,
    auth_token: secret,
  }
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}
