import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { sleep } from '../util/async.ts'
import type { Outcome } from './exchange.ts'
import type { Pacer } from './pacer.ts'
import type { HttpRequest, HttpResponse } from './types.ts'

const repeatedStatuses = new Set([429, 500, 502, 503, 504, 509])
/** Those by which the host says that it has too much to do. */
const overloaded = new Set([429, 503, 509])
const mostRetryAfter = 5 * 60_000

export interface RetryOptions {
  /** Attempts in all; less than 1 is 1. */
  readonly attempts: number
  readonly pacer: Pacer
  readonly log: Logger
  send(): Promise<Outcome>
}

/**
 * Sends until there is an answer that stays, with docs/protocol.md §6.2's statuses and waits. A request that is not
 * repeatable is sent again only where nothing reached the server.
 * @throws StorageError of the last attempt, retry 'given-up' where there were several
 */
export async function withRetries(request: HttpRequest, options: RetryOptions): Promise<HttpResponse> {
  const { attempts, pacer, log } = options
  let asked: number | undefined
  for (let attempt = 1; ; attempt++) {
    request.signal?.throwIfAborted()
    await pacer.ready(request.signal)
    const startedAt = performance.now()
    const outcome = await options.send()
    asked = retryAfterOf(outcome) ?? asked
    const paced = notePace(pacer, outcome, startedAt)
    if (attempt >= attempts || !worthRepeating(request, outcome)) return conclude(outcome, attempt, asked)
    log.log({
      level: 'DEBUG',
      text: `Received error: ${reason(request, outcome)} - low level retry ${attempt}/${attempts}`,
    })
    if ('response' in outcome) await outcome.response.discard()
    if (!paced) await sleep(Math.min(2000, 10 * 2 ** (attempt - 1)), request.signal)
  }
}

/**
 * Milliseconds that a Retry-After header asks to wait, at most five minutes.
 * @param header seconds or an HTTP date
 * @returns undefined where it says neither
 */
export function parseRetryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(ms) ? undefined : Math.min(mostRetryAfter, Math.max(0, ms))
}

function retryAfterOf(outcome: Outcome): number | undefined {
  if (!('response' in outcome) || !repeatedStatuses.has(outcome.response.status)) return undefined
  return parseRetryAfter(outcome.response.header('retry-after'))
}

/** Whether the pacer now holds the next attempt back, so that no wait of our own is needed. */
function notePace(pacer: Pacer, outcome: Outcome, startedAt: number): boolean {
  if (!('response' in outcome)) return false
  const { status } = outcome.response
  const retryAfter = retryAfterOf(outcome)
  if (overloaded.has(status) || retryAfter !== undefined) {
    pacer.slowDown(startedAt, retryAfter)
    return true
  }
  if (!repeatedStatuses.has(status)) pacer.speedUp(startedAt)
  return false
}

function worthRepeating(request: HttpRequest, outcome: Outcome): boolean {
  if ('response' in outcome) return request.repeatable && repeatedStatuses.has(outcome.response.status)
  return outcome.failure.retry === 'later' && (request.repeatable || outcome.failure.effect === 'none')
}

function conclude(outcome: Outcome, attempts: number, retryAfter: number | undefined): HttpResponse {
  if ('response' in outcome) return outcome.response
  const { failure } = outcome
  if (attempts === 1) throw failure
  throw new StorageError(failure.code, `${failure.message} (${attempts} attempts)`, {
    retry: failure.retry === 'later' ? 'given-up' : failure.retry,
    effect: failure.effect,
    details: { ...failure.details, retryAfter },
    cause: failure.cause,
  })
}

function reason(request: HttpRequest, outcome: Outcome): string {
  return 'response' in outcome
    ? `${request.operation}: HTTP status ${outcome.response.status}`
    : outcome.failure.message
}
