import { StorageError } from '../../../core/errors.ts'
import { safeUrl } from '../api/address.ts'
import { parseObject, stringIn } from '../api/json.ts'

/** What a personal login token says (docs/protocol.md §2.1). */
export interface LoginToken {
  readonly username: string
  /** Where the OpenID discovery document is. */
  readonly wellKnownUrl: string
  /** Good for one login. */
  readonly secret: string
}

/**
 * Reads a personal login token as it was pasted: white space, padding and the standard alphabet of Base64 do no harm.
 * @throws StorageError 'invalid-argument', which does not show the token
 */
export function decodeLoginToken(pasted: string): LoginToken {
  const text = pasted.replaceAll(/\s|=/g, '')
  const fields = /^[\w+/-]+$/.test(text) ? parseObject(Buffer.from(text, 'base64').toString()) : undefined
  const username = fields && stringIn(fields, 'username')
  const url = fields && safeUrl(stringIn(fields, 'well_known_link') ?? stringIn(fields, 'wellKnownLink') ?? '')
  const secret = fields && stringIn(fields, 'auth_token')
  if (username && url && secret) return { username, wellKnownUrl: url.href, secret }
  throw new StorageError('invalid-argument', 'This is no personal login token of Jottacloud', {
    details: { operation: 'login', hint: loginTokenHint },
  })
}

/** How to get a login token. */
export const loginTokenHint =
  'Generate a personal login token at https://www.jottacloud.com/web/secure and paste all of it; each is good for one login.'
