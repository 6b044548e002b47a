import type { Exchange } from '../exchange.ts'
import { clientOf } from '../logins/client.ts'
import { fitsChallenge } from '../logins/codes.ts'
import { oauthError, type OAuthError } from '../logins/oauth-error.ts'
import { HOME_REALM, STANDARD_SCOPE, type Realm } from '../logins/realms.ts'
import { continueSession, endSession, openSession, type Session } from '../logins/sessions.ts'
import { tokenSet } from '../logins/token-set.ts'

// docs/protocol.md §2.2: the one client of personal login tokens; it has no secret.
const LOGIN_TOKEN_CLIENT = 'jottacli'

/**
 * `POST …/token`: a personal login token or an authorization code becomes a login, which is refreshed with rotation
 * and detection of reuse (docs/protocol.md §2.2, §2.3, §2.5). Nothing is used up by a request that is refused.
 */
export function token(exchange: Exchange, realm: Realm): Promise<void> {
  const { service, reply } = exchange
  const form = new URLSearchParams(exchange.body)
  const answer = grant(exchange, { realm, form, client: clientOf(exchange.request, form).id })
  if (!('error' in answer)) return reply.json(200, tokenSet(exchange, answer.session, answer.nonce))
  return reply.json(form.get('grant_type') === 'password' ? service.dialect.usedLoginTokenStatus : 400, answer)
}

interface Asked {
  readonly realm: Realm
  readonly form: URLSearchParams
  readonly client: string
}

interface Granted {
  readonly session: Session
  readonly nonce?: string | undefined
}

function grant(exchange: Exchange, asked: Asked): Granted | OAuthError {
  switch (asked.form.get('grant_type')) {
    case 'password':
      return passwordGrant(exchange, asked)
    case 'authorization_code':
      return codeGrant(exchange, asked)
    case 'refresh_token':
      return refreshGrant(exchange, asked)
    case null:
      return oauthError('invalid_request', 'Missing form parameter: grant_type')
    default:
      return oauthError('unsupported_grant_type', 'Unsupported grant_type')
  }
}

function passwordGrant({ service }: Exchange, { realm, form, client }: Asked): Granted | OAuthError {
  const { store } = service
  if (client !== LOGIN_TOKEN_CLIENT || realm.name !== HOME_REALM) return foreignClient()
  const secret = form.get('password') ?? ''
  if (form.get('username') !== store.world.username || !store.world.logins.has(secret)) {
    return oauthError('invalid_grant', 'Invalid user credentials')
  }
  store.commit({ op: 'login', secret, used: true })
  return { session: openSession(store, { client, realm: realm.name, scope: STANDARD_SCOPE, traditional: false }) }
}

function codeGrant({ service }: Exchange, { realm, form, client }: Asked): Granted | OAuthError {
  const { store, codes } = service
  if (!realm.clients.includes(client)) return foreignClient()
  const code = codes.find(form.get('code') ?? '')
  if (code === undefined || code.client !== client || code.realm !== realm.name) {
    return oauthError('invalid_grant', 'Code not valid')
  }
  if (code.redirectUri !== form.get('redirect_uri')) return oauthError('invalid_grant', 'Incorrect redirect_uri')
  if (!fitsChallenge(code.challenge, form.get('code_verifier'))) {
    return oauthError('invalid_grant', 'PKCE verification failed')
  }
  if (code.session !== undefined) {
    // Somebody else has the code as well: what came of it ends (RFC 6749 §4.1.2).
    endSession(store, code.session)
    return oauthError('invalid_grant', 'Code not valid')
  }
  const session = openSession(store, { client, realm: realm.name, scope: code.scope, traditional: true })
  code.session = session.id
  return { session, nonce: code.nonce }
}

function refreshGrant({ service }: Exchange, { realm, form, client }: Asked): Granted | OAuthError {
  const refreshToken = form.get('refresh_token')
  if (refreshToken === null) return oauthError('invalid_request', 'No refresh token')
  const session = continueSession(service.store, refreshToken, { client, realm: realm.name })
  return session === undefined ? oauthError('invalid_grant', "Session doesn't have required client") : { session }
}

function foreignClient(): OAuthError {
  return oauthError('unauthorized_client', 'Client may not use this grant')
}
