import { complaintPage, PAGE_HEADERS, signInPage } from '../documents/sign-in-page.ts'
import type { Exchange } from '../exchange.ts'
import type { Challenge } from '../logins/codes.ts'
import { formComplaint } from '../logins/credentials.ts'
import type { Realm } from '../logins/realms.ts'

/** `GET …/auth`: the page on which a person signs in for a client (docs/protocol.md §2.5). */
export function authorization(exchange: Exchange, realm: Realm): Promise<void> {
  const request = readRequest(exchange.query, realm)
  if ('complaint' in request) return showComplaint(exchange, request.complaint)
  if ('error' in request) return sendBack(exchange, request, { error: request.error })
  return showPage(exchange, realm)
}

/** `POST …/auth`: the page's form; the right name and password send the person back to the client with a code. */
export function signIn(exchange: Exchange, realm: Realm): Promise<void> {
  const { service, body, query } = exchange
  const request = readRequest(query, realm)
  if ('complaint' in request) return showComplaint(exchange, request.complaint)
  if ('error' in request) return sendBack(exchange, request, { error: request.error })
  const complaint = formComplaint(service.credentials, service.store.world, body)
  if (complaint !== undefined) return showPage(exchange, realm, complaint)
  const { client, redirectUri, scope, nonce, challenge } = request
  const code = service.codes.issue({ client, redirectUri, realm: realm.name, scope, nonce, challenge })
  return sendBack(exchange, request, { code })
}

interface Back {
  readonly redirectUri: string
  readonly state: string | undefined
}

interface Request extends Back {
  readonly client: string
  readonly scope: string
  readonly nonce: string | undefined
  readonly challenge: Challenge | undefined
}

// What is wrong with client or redirect URI is shown to the person: nobody may be sent to an address that is not sure.
function readRequest(
  query: URLSearchParams,
  realm: Realm,
): Request | (Back & { error: string }) | { complaint: string } {
  const get = (name: string): string | undefined => query.get(name) ?? undefined
  const client = get('client_id') ?? ''
  if (!realm.clients.includes(client)) return { complaint: `Client not found: ${client}` }
  const redirectUri = get('redirect_uri') ?? ''
  if (!isLoopback(redirectUri)) return { complaint: `Invalid parameter: redirect_uri ${redirectUri}` }
  const back = { redirectUri, state: get('state') }
  if (get('response_type') !== 'code') return { ...back, error: 'unsupported_response_type' }
  if ((get('response_mode') ?? 'query') !== 'query') return { ...back, error: 'invalid_request' }
  const scope = get('scope') ?? ''
  if (!scope.split(' ').every((name) => name === '' || realm.scopes.includes(name))) {
    return { ...back, error: 'invalid_scope' }
  }
  const challenge = readChallenge(query)
  if (challenge === 'invalid') return { ...back, error: 'invalid_request' }
  return { ...back, client, scope, nonce: get('nonce'), challenge }
}

function readChallenge(query: URLSearchParams): Challenge | 'invalid' | undefined {
  const value = query.get('code_challenge')
  const method = query.get('code_challenge_method') ?? 'plain'
  if (value === null) return query.has('code_challenge_method') ? 'invalid' : undefined
  if ((method !== 'plain' && method !== 'S256') || !/^[\w.~-]{43,128}$/.test(value)) return 'invalid'
  return { method, value }
}

// Programs listen on this machine, on any port (RFC 8252 §7.3).
function isLoopback(uri: string): boolean {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  return url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) && url.hash === ''
}

function sendBack({ reply }: Exchange, { redirectUri, state }: Back, answer: Record<string, string>): Promise<void> {
  const location = new URL(redirectUri)
  if (state !== undefined) location.searchParams.set('state', state)
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value)
  return reply.text(302, { Location: location.href, 'Cache-Control': 'no-store' }, '')
}

function showPage({ service, reply }: Exchange, realm: Realm, complaint?: string): Promise<void> {
  const asksForOtp = service.credentials.otp !== undefined
  const page = { realm: realm.name, asksForOtp, ...(complaint !== undefined && { complaint }) }
  return reply.text(200, PAGE_HEADERS, signInPage(page))
}

function showComplaint({ reply }: Exchange, complaint: string): Promise<void> {
  return reply.text(400, PAGE_HEADERS, complaintPage(complaint))
}
