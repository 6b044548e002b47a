import { randomUUID } from 'node:crypto'
import type { Store } from '../state/store.ts'
import { readToken } from '../state/tokens.ts'
import type { Family } from '../state/world.ts'

/** A login with the position of the refresh token that is good now. */
export interface Session extends Family {
  readonly id: string
}

/** Begins a login. One made in a browser ends all others that were (docs/protocol.md §2.5). */
export function openSession(store: Store, login: Omit<Family, 'generation'>): Session {
  if (login.traditional) endSessions(store, ({ traditional }) => traditional)
  const session = { ...login, id: randomUUID(), generation: 1 }
  store.commit({ op: 'family', ...session })
  return session
}

/**
 * Trades a refresh token for the next one of the same login (docs/protocol.md §2.3). Undefined where it is not good;
 * a used one ends the login, one that came from another client or to another realm has no effect.
 */
export function continueSession(
  store: Store,
  refreshToken: string,
  by: Pick<Family, 'client' | 'realm'>,
): Session | undefined {
  const claims = readToken(refreshToken, store.world.secret)
  const family = store.world.families.get(claims?.sid ?? '')
  if (claims?.typ !== 'Offline' || family?.client !== by.client || family.realm !== by.realm) return undefined
  if (claims.generation !== family.generation) {
    // Whoever presents a used token has a copy of somebody else's: the whole login ends.
    endSession(store, claims.sid)
    return undefined
  }
  const session = { ...family, id: claims.sid, generation: family.generation + 1 }
  store.commit({ op: 'family', ...session })
  return session
}

/** Ends a login: its refresh tokens are no longer good. Access tokens are, until they expire. */
export function endSession(store: Store, id: string): void {
  if (store.world.families.has(id)) store.commit({ op: 'endFamily', id })
}

/** Ends all logins of some kind. */
export function endSessions(store: Store, which: (family: Family) => boolean): void {
  for (const [id, family] of store.world.families) if (which(family)) endSession(store, id)
}
