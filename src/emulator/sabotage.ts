import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { bearerToken } from './authorise.ts'
import type { Route, Service } from './exchange.ts'
import type { FaultAction } from './fault-action.ts'
import { overQuota, writeLockedOut } from './locks.ts'
import { Refusal } from './refusal.ts'
import { createReply } from './reply.ts'
import { readToken } from './state/tokens.ts'

/** A request that something is to go wrong with. */
export interface FaultyRequest {
  readonly service: Service
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly action: FaultAction
  readonly route: Route
  /** The body, where the route wants it as text. */
  readonly body: string
  /** Ends waits. */
  readonly closing: AbortSignal
}

/** Does what a fault does before the work; true if that was all. */
export async function prevented(faulty: FaultyRequest): Promise<boolean> {
  const { request, response, action, route, closing } = faulty
  if ('delayMs' in action) await delay(action.delayMs, undefined, { signal: closing })
  if ('expireToken' in action || 'revokeLogin' in action) spoilTokens(faulty)
  const refusal = refusalFor(faulty)
  if (refusal !== undefined) {
    request.resume()
    await answer(response, refusal, route.style)
    return true
  }
  if (dropsAtOnce(action, route)) {
    request.socket.destroy()
    return true
  }
  return 'hang' in action && (action.hang === true || (action.hang === 'request-body' && !takesBytes(route)))
}

function dropsAtOnce(action: FaultAction, route: Route): boolean {
  if (!('reset' in action)) return false
  return action.reset === 'before' || (action.reset === 'request-body' && !takesBytes(route))
}

function takesBytes({ operation }: Route): boolean {
  return operation === 'upload' || operation === 'umode'
}

type Answer = Refusal | { readonly status: number; readonly headers: Record<string, string>; readonly body: string }

function refusalFor({ action, service }: FaultyRequest): Answer | undefined {
  if ('overQuota' in action) return overQuota(service.dialect)
  if ('readOnly' in action) return writeLockedOut(service.dialect)
  if (!('status' in action)) return undefined
  const { status, retryAfter, body } = action
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
  if (body !== undefined) return { status, headers, body }
  if (status === 401) return new Refusal(401, 'BadCredentialsException', 'Bad credentials', { headers })
  return new Refusal(status, undefined, 'A fault was asked for', { headers })
}

function answer(response: ServerResponse, what: Answer, style: 'xml' | 'json'): Promise<void> {
  const reply = createReply(response, { received: () => undefined, sent: () => undefined }, undefined)
  return what instanceof Refusal ? reply.refuse(what, style) : reply.text(what.status, what.headers, what.body)
}

function spoilTokens({ service, request, action, body }: FaultyRequest): void {
  const { store } = service
  const token = bearerToken(request)
  if ('expireToken' in action) service.expiredTokens.add(token)
  if (!('revokeLogin' in action)) return
  const presented = token === '' ? (new URLSearchParams(body).get('refresh_token') ?? '') : token
  const login = readToken(presented, store.world.secret)?.sid
  if (login !== undefined && store.world.families.has(login)) store.commit({ op: 'endFamily', id: login })
}
