import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Exchange, Service } from '../exchange.ts'
import { readToken, signToken } from '../state/tokens.ts'
import { REALM_PATH } from './discovery.ts'

// docs/protocol.md §2.2: the one client of personal login tokens; it has no secret.
const CLIENT = 'jottacli'

/**
 * `POST …/token`: password grant with a personal login token, and refresh with rotation and detection of reuse
 * (docs/protocol.md §2.2 and §2.3). Nothing is used up by a request whose client does not fit.
 */
export function token({ service, request, reply, body }: Exchange): Promise<void> {
  const form = new URLSearchParams(body)
  const answer = grant(service, form, clientOf(request, form))
  const refused = form.get('grant_type') === 'password' ? service.dialect.usedLoginTokenStatus : 400
  return 'error' in answer ? reply.json(refused, answer) : reply.json(200, tokenSet(service, answer))
}

interface OAuthError {
  readonly error: string
  readonly error_description: string
}

interface Login {
  readonly family: string
  readonly generation: number
}

function grant(service: Service, form: URLSearchParams, client: string): Login | OAuthError {
  switch (form.get('grant_type')) {
    case 'password':
      return passwordGrant(service, form, client)
    case 'refresh_token':
      return refreshGrant(service, form.get('refresh_token'), client)
    case null:
      return { error: 'invalid_request', error_description: 'Missing form parameter: grant_type' }
    default:
      return { error: 'unsupported_grant_type', error_description: 'Unsupported grant_type' }
  }
}

function passwordGrant({ store }: Service, form: URLSearchParams, client: string): Login | OAuthError {
  if (client !== CLIENT) return { error: 'unauthorized_client', error_description: 'Client may not use this grant' }
  const secret = form.get('password') ?? ''
  if (form.get('username') !== store.world.username || !store.world.logins.has(secret)) {
    return { error: 'invalid_grant', error_description: 'Invalid user credentials' }
  }
  const login = { family: randomUUID(), generation: 1 }
  store.commitAll([
    { op: 'login', secret, used: true },
    { op: 'family', id: login.family, client, generation: login.generation },
  ])
  return login
}

function refreshGrant({ store }: Service, refreshToken: string | null, client: string): Login | OAuthError {
  if (refreshToken === null) return { error: 'invalid_request', error_description: 'No refresh token' }
  const stale = { error: 'invalid_grant', error_description: "Session doesn't have required client" }
  const claims = readToken(refreshToken, store.world.secret)
  const family = store.world.families.get(claims?.sid ?? '')
  if (claims?.typ !== 'Offline' || family === undefined || family.client !== client) return stale
  if (claims.generation !== family.generation) {
    // Whoever presents a used token has a copy of somebody else's: the whole login ends.
    store.commit({ op: 'endFamily', id: claims.sid })
    return stale
  }
  const login = { family: claims.sid, generation: family.generation + 1 }
  store.commit({ op: 'family', id: login.family, client, generation: login.generation })
  return login
}

// Basic style with an empty secret or the client's id in the form; both are in use (docs/protocol.md §2.3).
function clientOf(request: IncomingMessage, form: URLSearchParams): string {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (basic === undefined) return form.get('client_id') ?? ''
  return Buffer.from(basic, 'base64').toString().split(':')[0] ?? ''
}

function tokenSet(service: Service, { family, generation }: Login): Record<string, unknown> {
  const { secret, username } = service.store.world
  const iat = Math.floor(service.store.now() / 1000)
  const expires = service.accessTokenLifetime
  const scope = 'openid email offline_access'
  const issuer = `${service.baseUrl()}${REALM_PATH}`
  const common = { iat, iss: issuer, sub: `f:jotta:${username}`, azp: CLIENT, sid: family }
  const access = { ...common, exp: iat + expires, typ: 'Bearer', username, scope }
  const refresh = { ...common, typ: 'Offline', scope, generation }
  const identity = { ...common, exp: iat + expires, typ: 'ID', aud: CLIENT, preferred_username: username }
  return {
    access_token: signToken(access, secret),
    expires_in: expires,
    refresh_expires_in: 0,
    refresh_token: signToken(refresh, secret),
    token_type: 'Bearer',
    id_token: signToken(identity, secret),
    'not-before-policy': 0,
    session_state: family,
    scope,
  }
}
