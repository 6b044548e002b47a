import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { FaultAction } from './fault-action.ts'

/** A request as it came in and how it ended. Secrets are left out. */
export interface RecordedRequest {
  /** Counts up from 1 over the life of the emulator. */
  readonly number: number
  /** Milliseconds since 1970 by the emulator's clock. */
  readonly at: number
  readonly operation: string
  readonly method: string
  /** As sent, percent-encoded, without the query. */
  readonly path: string
  /** As sent, without the question mark; '' if there is none. */
  readonly query: string
  /** The place that the request is about, as fault rules see it. */
  readonly subject: string
  /** Those that mean something to the service, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined while, or if, nothing was answered. */
  readonly status: number | undefined
  /** The whole answer was sent. */
  readonly complete: boolean
  readonly fault: FaultAction | undefined
}

/** The last requests, oldest first. */
export interface Requests {
  all(): readonly RecordedRequest[]
  clear(): void
}

/** What is known of a request when it arrives. */
export type Arrival = Pick<RecordedRequest, 'at' | 'operation' | 'subject' | 'fault'>

const KEPT = 1000
const HEADERS = [
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'if-none-match',
  'range',
  'transfer-encoding',
  'user-agent',
  'jcreated',
  'jmd5',
  'jmodified',
  'jsize',
] as const
const SECRET_PARAMETERS = /((?:^|&)(?:[^=&]*(?:token|secret|password)|code|username)=)[^&]*/gi

/** Makes an empty log, and the function that records a request. */
export function createRequests(): {
  readonly requests: Requests
  readonly record: (request: IncomingMessage, response: ServerResponse, arrival: Arrival) => void
} {
  let kept: RecordedRequest[] = []
  let number = 0
  const record = (request: IncomingMessage, response: ServerResponse, arrival: Arrival): void => {
    const entry = { number: ++number, ...arrival, ...firstLine(request), headers: shownHeaders(request.headers) }
    const recorded = { ...entry, status: undefined as number | undefined, complete: false }
    // Twice as many are held for a moment, so that the oldest need not be moved away one by one.
    if (kept.push(recorded) > KEPT * 2) kept = kept.slice(-KEPT)
    response.once('close', () => {
      if (response.headersSent) recorded.status = response.statusCode
      recorded.complete = response.writableFinished
    })
  }
  const requests: Requests = {
    all: () => kept.slice(-KEPT),
    clear() {
      kept = []
    },
  }
  return { requests, record }
}

function firstLine({ method = '', url = '/' }: IncomingMessage): { method: string; path: string; query: string } {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = mark < 0 ? '' : url.slice(mark + 1)
  return {
    method,
    path: path.replace(/^(\/ws\/[^/]*\/).*/, '$1…'),
    query: query.replaceAll(SECRET_PARAMETERS, '$1…'),
  }
}

function shownHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const name of HEADERS) {
    const value = headers[name]
    if (value !== undefined) shown[name] = String(value)
  }
  const scheme = /^[A-Za-z]+(?= )/.exec(headers.authorization ?? '')?.[0]
  if (headers.authorization !== undefined) shown['authorization'] = `${scheme ?? ''} …`.trim()
  return shown
}
