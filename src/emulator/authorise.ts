import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'
import type { Store } from './state/store.ts'
import { readToken } from './state/tokens.ts'

const REMEMBERED = 1000

/**
 * Makes the check of access tokens: a request without a valid one is refused as docs/protocol.md §2.4 says. A token
 * stays good until it expires, whatever becomes of the login it descends from. Those in `expired` count as such.
 */
export function createAuthoriser(store: Store, expired: ReadonlySet<string>): (request: IncomingMessage) => void {
  const expiries = new Map<string, number>()
  return (request) => {
    const token = bearerToken(request)
    let expiry = expiries.get(token)
    if (expiry === undefined) {
      expiry = expiryOf(store, token)
      if (expiries.size >= REMEMBERED) expiries.clear()
      expiries.set(token, expiry)
    }
    if (expiry <= store.now() || expired.has(token))
      throw new Refusal(401, 'BadCredentialsException', 'Bad credentials')
  }
}

/** The access token of a request; '' without one. */
export function bearerToken(request: IncomingMessage): string {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

function expiryOf(store: Store, token: string): number {
  const { secret, username } = store.world
  const claims = readToken(token, secret)
  if (claims?.typ !== 'Bearer' || claims.username !== username) return 0
  return (claims.exp ?? 0) * 1000
}
