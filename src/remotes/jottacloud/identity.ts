import type { Identity } from '../../core/remote.ts'
import type { Path } from '../../core/path.ts'
import { join } from '../../core/path.ts'
import type { Token } from '../../core/token.ts'
import { parseObject, stringIn } from './api/json.ts'
import type { Drive } from './drive.ts'

/**
 * The user name that the tokens of a login carry, where they are JWTs: the claim `username`, or what follows the last ':'
 * of `sub` (docs/protocol.md §2.2). Nothing is verified: it is compared, and never used to ask for anything.
 */
export function claimedUser(token: Pick<Token, 'accessToken' | 'refreshToken'>): string | undefined {
  for (const jwt of [token.accessToken, token.refreshToken]) {
    const claims = parseObject(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
    const user = claims && (stringIn(claims, 'username') ?? stringIn(claims, 'sub')?.split(':').at(-1))
    if (user) return user
  }
  return undefined
}

/**
 * Where a path really is: the service ignores case, so the lower-cased stored path below device and mountpoint.
 * @param account the same for every remote on one account
 */
export function identityOf(drive: Drive, account: string, path: Path): Identity {
  const stored = drive.names.stored(path)
  return { account, path: join(drive.device, drive.mountpoint, stored).toLowerCase() }
}
