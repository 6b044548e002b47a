import { StorageError } from '../../../core/errors.ts'
import { safeUrl } from '../api/address.ts'
import { parseObject, stringIn } from '../api/json.ts'
import { unwrapped } from './unwrapped.ts'

/** What a personal login token says (docs/protocol.md §2.1). */
export interface LoginToken {
  readonly username: string
  /** Where the OpenID discovery document is. */
  readonly wellKnownUrl: string
  /** Good for one login. */
  readonly secret: string
}

/**
 * Reads a personal login token as it was pasted: white space, quotes, padding and the standard alphabet of Base64 do no harm.
 * @throws StorageError 'invalid-argument', which says what is missing and does not show the token
 */
export function decodeLoginToken(pasted: string): LoginToken {
  const text = unwrapped(pasted).replaceAll(/\s|=/g, '')
  if (text === '') throw refusal('it is empty')
  if (!/^[\w+/-]+$/.test(text)) throw refusal('it has characters that none has')
  const fields = parseObject(Buffer.from(text, 'base64').toString())
  if (!fields) throw refusal('it cannot be decoded: a part of it may be missing')
  const username = stringIn(fields, 'username')
  const link = stringIn(fields, 'well_known_link') ?? stringIn(fields, 'wellKnownLink')
  const secret = stringIn(fields, 'auth_token')
  if (username && link && secret) return { username, wellKnownUrl: secureLink(link), secret }
  const wanted = { username, well_known_link: link, auth_token: secret }
  const missing = Object.entries(wanted).flatMap(([name, value]) => (value ? [] : [name]))
  throw refusal(`it has no ${missing.join(', no ')}`)
}

/** How to get a login token. */
export const loginTokenHint =
  'Generate a personal login token at https://www.jottacloud.com/web/secure and paste all of it; each is good for one login.'

function secureLink(link: string): string {
  const url = safeUrl(link)
  if (url) return url.href
  throw refusal(
    'the address in it (well_known_link) does not begin with https://, so that its secret would not be safe',
  )
}

function refusal(why: string): StorageError {
  return new StorageError('invalid-argument', `This is no personal login token of Jottacloud: ${why}`, {
    details: { operation: 'login', hint: loginTokenHint },
  })
}
