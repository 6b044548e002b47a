import type { Operation } from '../operations.ts'
import type { Exchange, Route, Target } from '../exchange.ts'
import { clientOf } from '../logins/client.ts'
import { REALMS, type Realm } from '../logins/realms.ts'
import { continueSession, endSession } from '../logins/sessions.ts'
import { userinfo } from './account.ts'
import { authorization, signIn } from './authorization.ts'
import { discovery } from './discovery.ts'
import { token } from './token.ts'

interface Endpoint {
  readonly operation: Operation
  readonly wantsBody?: true
  run(exchange: Exchange, realm: Realm): Promise<void>
}

const OPENID = 'protocol/openid-connect'

const ENDPOINTS = new Map<string, Endpoint>([
  ['GET .well-known/openid-configuration', { operation: 'discovery', run: discovery }],
  [`GET ${OPENID}/auth`, { operation: 'authorization', run: authorization }],
  [`POST ${OPENID}/auth`, { operation: 'signIn', wantsBody: true, run: signIn }],
  [`POST ${OPENID}/token`, { operation: 'token', wantsBody: true, run: token }],
  [`GET ${OPENID}/userinfo`, { operation: 'userinfo', run: userinfo }],
  [`GET ${OPENID}/certs`, { operation: 'certs', run: certs }],
  [`POST ${OPENID}/logout`, { operation: 'logout', wantsBody: true, run: logout }],
])

/** The route of a request below `/auth/realms/`, of whose path the rest is given (docs/protocol.md §2.2, §2.5). */
export function realmRoute({ method, path }: Target): Route {
  const [, name = '', rest = ''] = /^([^/]*)\/(.*)$/.exec(path) ?? []
  const realm = REALMS.get(name)
  const endpoint = ENDPOINTS.get(`${method} ${rest}`)
  const common = { style: 'json' as const, subject: () => `/auth/realms/${path}` }
  if (realm === undefined || endpoint === undefined) {
    const error = realm === undefined ? 'Realm does not exist' : 'RESTEASY003210: Could not find resource'
    return { ...common, operation: 'unknown', run: ({ reply }) => reply.json(404, { error }) }
  }
  return { ...common, ...endpoint, run: (exchange) => endpoint.run(exchange, realm) }
}

function certs({ service, reply }: Exchange): Promise<void> {
  return reply.json(200, service.idTokens.keySet())
}

// A client that is done ends its login with the refresh token.
function logout({ service, request, reply, body }: Exchange, realm: Realm): Promise<void> {
  const form = new URLSearchParams(body)
  const by = { client: clientOf(request, form).id, realm: realm.name }
  const session = continueSession(service.store, form.get('refresh_token') ?? '', by)
  if (session === undefined)
    return reply.json(400, { error: 'invalid_grant', error_description: 'Invalid refresh token' })
  endSession(service.store, session.id)
  return reply.text(204, {}, '')
}
