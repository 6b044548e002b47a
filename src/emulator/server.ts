import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { createCounters, type Counters } from './counters.ts'
import type { Exchange, Route, Service, Target } from './exchange.ts'
import { createFaults, type FaultAction, type Faults } from './faults.ts'
import { directOrigins, serviceHostOf, serviceOrigins } from './hosts.ts'
import { receiveText } from './receive.ts'
import { Refusal } from './refusal.ts'
import { createReply } from './reply.ts'
import { findRoute } from './routes/table.ts'

/** An HTTP server that answers for all hosts of the service. */
export interface EmulatorServer {
  readonly http: Server
  readonly faults: Faults
  readonly counters: Counters
}

const NO_QUERY = new URLSearchParams()
const BUFFER_SIZE = 1 << 19
const KEEP_ALIVE_MS = 120_000
// Paths of deep trees in percent-encoding are long.
const LONGEST_HEAD = 1 << 18

/** Makes the server, not yet listening. `closing` ends waits of faults. */
export function createEmulatorServer(service: Service, closing: AbortSignal): EmulatorServer {
  const { faults, take } = createFaults()
  const { counters, start } = createCounters()
  const http = createServer({
    highWaterMark: BUFFER_SIZE,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: LONGEST_HEAD,
    requestTimeout: 0,
  })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = targetOf(request)
    const { method, query, host } = target
    const route = routeOf(target, service)
    const tally = start(route.operation)
    const body = route.wantsBody ? await receiveText(request) : ''
    if (body === undefined) return
    tally.received(Buffer.byteLength(body))
    const action = take({ operation: route.operation, method, path: () => route.subject(body) })
    const reply = createReply(response, tally, action)
    if (action !== undefined && (await prevented({ request, response, action, route, closing }))) return
    try {
      const origins = host === undefined ? directOrigins(service.baseUrl()) : serviceOrigins(host)
      const exchange: Exchange = { service, request, reply, origins, query, body, tally, action }
      await route.run(exchange)
    } catch (error) {
      await reply.refuse(refusalOf(error), route.style)
    }
    // What a route left unread would stand in the way of the next request on this connection.
    request.resume()
  }

  http.on('request', (request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  return { http, faults, counters }
}

function targetOf(request: IncomingMessage): Target {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const first = { method: request.method ?? '', host: serviceHostOf(request) }
  if (mark < 0) return { ...first, path: url, query: NO_QUERY }
  return { ...first, path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) }
}

function routeOf(target: Target, service: Service): Route {
  try {
    return findRoute(target, service.store)
  } catch (error) {
    return {
      operation: 'unknown',
      style: 'xml',
      subject: () => target.path,
      run: () => Promise.reject(refusalOf(error)),
    }
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  return new Refusal(500, undefined, `The emulator failed: ${error instanceof Error ? error.message : String(error)}`)
}

interface FaultyRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly action: FaultAction
  readonly route: Route
  readonly closing: AbortSignal
}

/** Does what a fault does before the work; true if that was all. */
async function prevented({ request, response, action, route, closing }: FaultyRequest): Promise<boolean> {
  if ('status' in action) {
    request.resume()
    await answerStatus(response, action, route.style)
    return true
  }
  if ('hang' in action) return true
  const takesBytes = route.operation === 'upload' || route.operation === 'umode'
  if ('reset' in action && (action.reset === 'before' || (action.reset === 'request-body' && !takesBytes))) {
    request.socket.destroy()
    return true
  }
  if ('delayMs' in action) await delay(action.delayMs, undefined, { signal: closing })
  return false
}

function answerStatus(
  response: ServerResponse,
  action: Extract<FaultAction, { status: number }>,
  style: 'xml' | 'json',
): Promise<void> {
  const reply = createReply(response, { received: () => undefined, sent: () => undefined }, undefined)
  const headers = action.retryAfter === undefined ? {} : { 'Retry-After': String(action.retryAfter) }
  if (action.body !== undefined) return reply.text(action.status, headers, action.body)
  return reply.refuse(new Refusal(action.status, undefined, 'A fault was asked for', { headers }), style)
}
