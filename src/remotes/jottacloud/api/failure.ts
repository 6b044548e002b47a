import type { ErrorCode, RetryClass } from '../../../core/errors.ts'
import { StorageError, isStorageError } from '../../../core/errors.ts'
import { logInAgain } from '../../../core/log-in-again.ts'
import type { Path } from '../../../core/path.ts'
import { redact } from '../../../http/redact.ts'
import { parseRetryAfter } from '../../../http/retry.ts'
import type { HttpResponse } from '../../../http/types.ts'
import { parseObject, stringIn } from './json.ts'
import { createXmlReader, integerOf, textOf } from './xml.ts'

/** What was asked of the service, for errors. */
export interface Attempt {
  /** Name of the remote. */
  readonly remote: string
  readonly operation: string
  readonly path?: Path | undefined
  /** What a 404 means here; 'not-found' by default. */
  readonly missing?: ErrorCode | undefined
  /** The request may be repeated, so the HTTP client has already done so. */
  readonly repeatable: boolean
  /** The request may have changed something although it failed. */
  readonly changes?: boolean | undefined
}

/** What the service says went wrong. */
export interface Failure {
  readonly status: number
  /** The class of the service's exception, e.g. 'NoSuchFileException'. */
  readonly id: string | undefined
  readonly text: string
  /** Milliseconds that the service asks to wait. */
  readonly retryAfter: number | undefined
}

const longestBody = 64 * 1024
const longestText = 300

/** Reads an error reply: the XML of JFS (docs/protocol.md §4.15), the JSON of the API (§3.6), or neither. */
export async function readFailure(response: HttpResponse): Promise<Failure> {
  const body = await bodyOf(response)
  const said = fromXml(body) ?? fromJson(body) ?? {}
  return {
    status: said.status !== undefined && said.status >= 400 ? said.status : response.status,
    id: said.id,
    text: redact(said.text ?? '').slice(0, longestText),
    retryAfter: parseRetryAfter(response.header('retry-after')),
  }
}

/** The error for a failure, with what the user can do where that is known. */
export function toError(failure: Failure, attempt: Attempt): StorageError {
  const { status, id, text, retryAfter } = failure
  const code = codeOf(failure, attempt)
  const place = attempt.path === undefined ? attempt.remote : `${attempt.remote}:${attempt.path}`
  const said = [String(status), id, text].filter((part) => part !== undefined && part !== '').join(' ')
  return new StorageError(code, `${attempt.operation} ${place}: the service answered ${said}`, {
    retry: retryOf(code, attempt),
    effect: attempt.changes === true && status >= 500 ? 'unknown' : 'none',
    details: {
      status,
      retryAfter,
      hint: hintFor(code, attempt.remote),
      operation: attempt.operation,
      remote: attempt.remote,
      path: attempt.path,
    },
  })
}

/** The error that a reply outside 2xx stands for. */
export async function failureOf(response: HttpResponse, attempt: Attempt): Promise<StorageError> {
  return toError(await readFailure(response), attempt)
}

/** What the user can do when the login no longer works. */
export function reconnectHint(remote: string): string {
  return `Log in again: ${logInAgain(remote)}.`
}

/** What the user can do when there is no room. */
export function quotaHint(remote: string): string {
  return `The account seems to be full: see "fjord about ${remote}:", and make room.`
}

/** What the user can do when nothing can be changed. */
export function lockedHint(remote: string): string {
  return `The account of ${remote}: is locked for writing: its owner sees why on the web site, or asks the provider.`
}

async function bodyOf(response: HttpResponse): Promise<string> {
  try {
    return await response.text(longestBody)
  } catch (error) {
    if (isStorageError(error)) return '' // the status says enough; a body that cannot be read must not hide it
    throw error
  }
}

type Said = {
  readonly status?: number | undefined
  readonly id?: string | undefined
  readonly text?: string | undefined
}

function fromXml(body: string): Said | undefined {
  try {
    const reader = createXmlReader()
    reader.write(Buffer.from(body.trimStart()))
    const error = reader.end()
    if (error.name !== 'error') return undefined
    return { status: integerOf(error, 'code'), ...exceptionIn(textOf(error, 'message') ?? '') }
  } catch {
    return undefined
  }
}

/** JFS names its exception only in front of the message: `no.jotta.backup.errors.NoSuchPathException: Directory …`. */
function exceptionIn(message: string): Said {
  const match = /^(?:\w+\.)*(\w+Exception)(?::\s*|$)/.exec(message.trim())
  return match ? { id: match[1], text: message.trim().slice(match[0].length) } : { text: message.trim() }
}

/** The `code` of a JSON error is not always the status, so it is left aside (docs/protocol.md §3.6). */
function fromJson(body: string): Said | undefined {
  const error = parseObject(body)
  return error && { id: stringIn(error, 'error_id'), text: stringIn(error, 'message') }
}

function codeOf({ status, id }: Failure, attempt: Attempt): ErrorCode {
  if (id === 'CorruptUploadOpenApiException' || status === 421) return 'corrupt'
  if (status === 400) return refusesName(id, attempt) ? 'invalid-name' : 'invalid-argument'
  if (status === 404) return attempt.missing ?? 'not-found'
  return statusCodes[status] ?? (status >= 500 ? 'unavailable' : 'protocol')
}

/** A 400 that gives no other reason is about the name: too long, or with characters that the service or its proxy refuses (§4.15). */
function refusesName(id: string | undefined, attempt: Attempt): boolean {
  return (id === undefined || id === 'InvalidArgumentException') && (attempt.path ?? '') !== ''
}

const statusCodes: Readonly<Record<number, ErrorCode>> = {
  401: 'auth',
  402: 'quota',
  403: 'permission',
  408: 'timeout',
  409: 'exists',
  413: 'quota',
  423: 'locked',
  429: 'rate-limited',
  507: 'quota',
}

function retryOf(code: ErrorCode, attempt: Attempt): RetryClass {
  if (code === 'corrupt') return 'later'
  if (code !== 'unavailable' && code !== 'rate-limited' && code !== 'timeout') return 'no'
  return attempt.repeatable ? 'given-up' : 'later'
}

function hintFor(code: ErrorCode, remote: string): string | undefined {
  if (code === 'auth') return reconnectHint(remote)
  if (code === 'quota') return quotaHint(remote)
  if (code === 'locked') return lockedHint(remote)
  if (code === 'permission') {
    return `The account may be locked or full, or the place is another account's: see "fjord about ${remote}:".`
  }
  return undefined
}
