import type { Identity } from '../../core/facts.ts'
import type { Path } from '../../core/path.ts'
import { join } from '../../core/path.ts'
import { parseObject, stringIn } from './api/json.ts'
import type { Drive } from './drive.ts'

/**
 * The user name that a token carries, where it is a JWT: the claim `username`, or what follows the last ':' of `sub`
 * (docs/protocol.md §2.2). Nothing is verified: the service refuses a token that is asked with for another user.
 */
export function claimedUser(jwt: string): string | undefined {
  const claims = parseObject(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  if (!claims) return undefined
  const [, subject] = /:([^:]+)$/.exec(stringIn(claims, 'sub') ?? '') ?? []
  return stringIn(claims, 'username') || subject
}

/** The user name in a config section; legacy logins and older ones have an e-mail address there (docs/protocol.md §2.8). */
export function storedUser(section: Readonly<Record<string, string>>): string | undefined {
  const { configVersion, username = '' } = section
  return configVersion === '0' || username === '' || username.includes('@') ? undefined : username
}

/**
 * Where a path really is: the service ignores case, so the lower-cased stored path below device and mountpoint. What is in the
 * trash is not what is live under its path.
 * @param account the same for every remote on one account
 */
export function identityOf(drive: Drive, account: string, path: Path): Identity {
  const stored = drive.names.stored(path)
  const place = drive.shown === 'trashed' ? `${account} trash` : account
  return { account: place, path: join(drive.device, drive.mountpoint, stored).toLowerCase() }
}
