import { randomBytes } from 'node:crypto'
import type { Exchange } from '../exchange.ts'
import { clientOf, type ClientIdentity } from '../logins/client.ts'
import { checkCredentials } from '../logins/credentials.ts'
import { oauthError } from '../logins/oauth-error.ts'
import { continueSession, openSession, type Session } from '../logins/sessions.ts'
import { sessionTokens } from '../logins/token-set.ts'
import { Refusal } from '../refusal.ts'
import type { World } from '../state/world.ts'

// docs/protocol.md §2.7: constants of the service that every client has.
const REGISTER_TOKEN = 'c2xrZmpoYWRsZmFramhkc2xma2phaHNkbGZramhhc2xkZmtqaGFzZGxrZmpobGtq'
const DEFAULT_CLIENT = 'nibfk8biu12ju7hpqomr8b1e40'
const LEGACY_REALM = ''
const OTP_WANTED = { 'X-JottaCloud-OTP': 'required; SMS' }
const STALE =
  'The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection URI, or was issued to another client.'

/** `POST /auth/v1/register`: gives a machine a client of its own (docs/protocol.md §2.7). */
export function legacyRegister({ service, request, reply, query, body }: Exchange): Promise<void> {
  if (request.headers.authorization !== `Bearer ${REGISTER_TOKEN}`) {
    throw new Refusal(401, 'BadCredentialsException', 'Bad credentials')
  }
  if (!parameters(query, body).get('device_id')) throw new Refusal(400, 'InvalidArgumentException', 'No device_id')
  const client = { id: randomBytes(13).toString('hex'), secret: randomBytes(26).toString('hex') }
  service.store.commit({ op: 'client', ...client })
  return reply.json(200, { client_id: client.id, client_secret: client.secret })
}

/** `POST /auth/v1/token`: password and refresh grants, their names in capitals (docs/protocol.md §2.7). */
export function legacyToken(exchange: Exchange): Promise<void> {
  const { request, reply, query, body } = exchange
  const given = parameters(query, body)
  const client = clientOf(request, given)
  const kind = given.get('grant_type')
  if (kind === 'PASSWORD') return passwordGrant(exchange, given, client)
  if (kind === 'REFRESH_TOKEN') return refreshGrant(exchange, given, client)
  return reply.json(400, oauthError('unsupported_grant_type', 'Unsupported grant_type'))
}

function passwordGrant(exchange: Exchange, given: URLSearchParams, client: ClientIdentity): Promise<void> {
  const { service, request, reply } = exchange
  const { store, credentials } = service
  if (!isKnown(client, store.world)) return reply.json(401, oauthError('invalid_client', 'Bad client credentials'))
  const otp = request.headers['x-jottacloud-otp']
  const typed = { username: given.get('username'), password: given.get('password'), otp: otp?.toString() ?? null }
  const verdict = checkCredentials(credentials, store.world, typed)
  if (verdict === 'good') {
    const login = { client: client.id, realm: LEGACY_REALM, scope: '', traditional: false }
    return answer(exchange, openSession(store, login))
  }
  const error = oauthError('invalid_grant', verdict === 'otp' ? 'One-time code required' : 'Bad credentials')
  const headers = { 'Content-Type': 'application/json', ...(verdict === 'otp' && OTP_WANTED) }
  return reply.text(401, headers, JSON.stringify(error))
}

// The secret is not looked at: clients send it in another form than the one they were given.
function refreshGrant(exchange: Exchange, given: URLSearchParams, client: ClientIdentity): Promise<void> {
  const by = { client: client.id, realm: LEGACY_REALM }
  const session = continueSession(exchange.service.store, given.get('refresh_token') ?? '', by)
  return session === undefined
    ? exchange.reply.json(400, oauthError('invalid_grant', STALE))
    : answer(exchange, session)
}

function answer(exchange: Exchange, session: Session): Promise<void> {
  const { access, refresh } = sessionTokens(exchange, session)
  return exchange.reply.json(200, {
    token_type: 'bearer',
    access_token: access,
    refresh_token: refresh,
    session_id: session.id,
    expires_in: exchange.service.accessTokenLifetime,
  })
}

// The secret of the client that all share guards nothing; that of a registered one is checked.
function isKnown({ id, secret }: ClientIdentity, world: Readonly<World>): boolean {
  return id === DEFAULT_CLIENT || (id !== '' && world.clients.get(id) === secret)
}

// Parameters come in the query or as a form.
function parameters(query: URLSearchParams, body: string): URLSearchParams {
  return new URLSearchParams([...query, ...new URLSearchParams(body)])
}
