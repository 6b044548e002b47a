import { type ErrorCode, StorageError, messageOf } from '../core/errors.ts'
import { redact } from './redact.ts'
import type { HttpRequest } from './types.ts'

/** Where in its life a request failed. */
export interface FailurePlace {
  readonly request: HttpRequest
  /** Nothing can have reached the server. */
  readonly neverConnected: boolean
  /** `--timeout`, milliseconds */
  readonly idleTimeout: number
}

interface Reading {
  readonly code: ErrorCode
  readonly text: string
  readonly hint?: string
  readonly final?: boolean
}

const certificate = /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|UND_ERR_PRX_TLS|HOSTNAME_MISMATCH|INVALID_)/
const checkNetwork = 'Check the network connection, then try again.'

/**
 * What the system or undici threw, in our terms: 'network', 'timeout', 'protocol', 'changed' (a body of another length than it
 * said) or 'invalid-argument'. Retry is 'later' but where the same must happen again; effect is 'none' where the server
 * cannot have acted or repeating does no harm.
 */
export function describeFailure(error: unknown, place: FailurePlace): StorageError {
  const { request } = place
  const cause = innermost(error)
  const { code, text, hint = checkNetwork, final = false } = read(cause, place)
  const harmless = place.neverConnected || (request.method === 'GET' && request.repeatable)
  return new StorageError(code, `${request.operation}: ${request.method} ${redact(request.url)}: ${redact(text)}`, {
    retry: final ? 'no' : 'later',
    effect: harmless ? 'none' : 'unknown',
    details: { operation: request.operation, hint: hint || undefined, system: codeOf(cause) },
    cause: error,
  })
}

function read(cause: unknown, { idleTimeout, neverConnected }: FailurePlace): Reading {
  const system = codeOf(cause) ?? ''
  const text = messageOf(cause)
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(system)) {
    const hint = 'Check the network connection; --timeout sets how long to wait.'
    return { code: 'timeout', text: `the server was silent for ${idleTimeout / 1000} s`, hint }
  }
  if (system === 'UND_ERR_CONNECT_TIMEOUT' || (neverConnected && system === 'ETIMEDOUT')) {
    return { code: 'timeout', text, hint: 'Check the network connection; --contimeout sets how long to wait.' }
  }
  if (certificate.test(system)) {
    const hint = 'Check the date of this computer, or name the authority to trust with --ca-cert.'
    return { code: 'network', text: `the certificate is not trusted: ${text}`, hint, final: true }
  }
  if (system === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') {
    return { code: 'changed', text: 'the body had another length than it said', hint: 'The source changed meanwhile.' }
  }
  if (/^(UND_ERR_INVALID|ERR_INVALID)/.test(system)) return { code: 'invalid-argument', text, hint: '', final: true }
  return { code: 'network', text, ...refusal(system) }
}

function refusal(system: string): { readonly hint?: string; readonly final?: boolean } {
  if (system === 'EADDRNOTAVAIL') return { hint: '--bind must name an address of this computer.', final: true }
  if (system === 'ENOTFOUND' || system === 'EAI_AGAIN') {
    return { hint: 'Check the network connection and the name of the host.' }
  }
  if (system === 'ECONNREFUSED') return { hint: 'Check that the server runs, and the proxy if there is one.' }
  return {}
}

/** The error that tells most: of several addresses tried, the first; of a wrapped one, the inner. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors[0]
  if (error instanceof Error && codeOf(error) === undefined && error.cause instanceof Error)
    return innermost(error.cause)
  return error
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
