import { randomBytes } from 'node:crypto'
import { REALM_PATH } from './routes/discovery.ts'
import type { Store } from './state/store.ts'

/** Makes a personal login token, good for one login: base64url without padding of JSON (docs/protocol.md §2.1). */
export function createLoginToken(store: Store, baseUrl: string): string {
  const secret = randomBytes(24).toString('base64url')
  store.commit({ op: 'login', secret })
  const token = {
    username: store.world.username,
    realm: 'jottacloud',
    well_known_link: `${baseUrl}${REALM_PATH}/.well-known/openid-configuration`,
    auth_token: secret,
  }
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}
