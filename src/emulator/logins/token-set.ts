import type { Exchange } from '../exchange.ts'
import { signToken } from '../state/tokens.ts'
import type { Session } from './sessions.ts'

/** The two tokens of a session: JWTs as in docs/protocol.md §2.2. */
export function sessionTokens(
  { service, origins }: Exchange,
  session: Session,
): { readonly access: string; readonly refresh: string; readonly common: Record<string, unknown> } {
  const { secret, username } = service.store.world
  const { id, client, realm, scope, generation } = session
  const iat = Math.floor(service.store.now() / 1000)
  const common = { iat, iss: origins.issuer(realm), sub: `f:jotta:${username}`, azp: client, sid: id }
  const exp = iat + service.accessTokenLifetime
  return {
    access: signToken({ ...common, exp, typ: 'Bearer', username, scope }, secret),
    refresh: signToken({ ...common, typ: 'Offline', scope, generation }, secret),
    common: { ...common, exp },
  }
}

/** The answer of the token endpoint (docs/protocol.md §2.2). `nonce` is the one of the authorization request. */
export function tokenSet(exchange: Exchange, session: Session, nonce?: string): Record<string, unknown> {
  const { service } = exchange
  const { access, refresh, common } = sessionTokens(exchange, session)
  const { username } = service.store.world
  const identity = { ...common, typ: 'ID', aud: session.client, preferred_username: username }
  return {
    access_token: access,
    expires_in: service.accessTokenLifetime,
    refresh_expires_in: 0,
    refresh_token: refresh,
    token_type: 'Bearer',
    id_token: service.idTokens.sign(nonce === undefined ? identity : { ...identity, nonce }),
    'not-before-policy': 0,
    session_state: session.id,
    scope: session.scope,
  }
}
