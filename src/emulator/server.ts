import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createCounters, type Counters } from './counters.ts'
import type { Exchange, Route, Service, Target } from './exchange.ts'
import { createFaults, type Faults } from './faults.ts'
import { receiveText } from './receive.ts'
import { Refusal } from './refusal.ts'
import { createReply } from './reply.ts'
import { createRequests, type Requests } from './requests.ts'
import { findRoute } from './routes/table.ts'
import { prevented } from './sabotage.ts'

/** An HTTP server that answers for all hosts of the service. */
export interface EmulatorServer {
  readonly http: Server
  readonly faults: Faults
  readonly counters: Counters
  readonly requests: Requests
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
  const { requests, record } = createRequests()
  const http = createServer({
    highWaterMark: BUFFER_SIZE,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: LONGEST_HEAD,
    requestTimeout: 0,
  })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = targetOf(request)
    const { method, query } = target
    service.expireTrash()
    const route = routeOf(target, service)
    const { operation } = route
    const tally = start(operation)
    const body = route.wantsBody ? await receiveText(request) : ''
    if (body === undefined) return
    tally.received(Buffer.byteLength(body))
    const subject = route.subject(body)
    const action = take({ operation, method, path: () => subject })
    record(request, response, { at: service.store.now(), operation, subject, fault: action })
    const reply = createReply(response, tally, action)
    if (action !== undefined && (await prevented({ service, request, response, action, route, body, closing }))) return
    const exchange: Exchange = { service, request, reply, query, body, tally, action }
    try {
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
  http.on('upgrade', (request, socket, head) => {
    const { operation, subject } = { operation: 'websocket', subject: '/' }
    start(operation)
    const action = take({ operation, method: 'GET', path: () => subject })
    if (action === undefined) service.events.accept(request, socket, head).catch(() => socket.destroy())
    else if (!('hang' in action)) socket.destroy()
  })
  return { http, faults, counters, requests }
}

function targetOf(request: IncomingMessage): Target {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const method = request.method ?? ''
  const contentType = request.headers['content-type'] ?? ''
  if (mark < 0) return { method, path: url, query: NO_QUERY, contentType }
  return { method, path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)), contentType }
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
