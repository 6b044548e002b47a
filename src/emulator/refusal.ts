import { STATUS_CODES } from 'node:http'
import { PROLOG } from './documents/root.ts'
import { escapeXml, withoutIllegal } from './documents/escape.ts'

/** Packages of the exceptions whose full name the service shows in XML errors (docs/protocol.md §4.15). */
const PACKAGES = new Map([
  ['BadCredentialsException', 'org.springframework.security.authentication.'],
  ['AuthenticationCredentialsNotFoundException', 'org.springframework.security.authentication.'],
  ['UsernameNotFoundException', 'org.springframework.security.core.userdetails.'],
])

/**
 * A request is answered with an error. `exception` is the short name of the server's exception; without one the
 * message stands alone.
 */
export class Refusal extends Error {
  readonly status: number
  readonly exception: string | undefined
  readonly headers: Record<string, string>
  /** The answer comes from the proxy in front and is plain text. */
  readonly plain: boolean

  constructor(status: number, exception: string | undefined, message: string, options: RefusalOptions = {}) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.exception = exception
    this.headers = options.headers ?? {}
    this.plain = options.plain ?? false
  }
}

interface RefusalOptions {
  readonly headers?: Record<string, string>
  readonly plain?: boolean
}

/** The error document of JFS (docs/protocol.md §4.15). */
export function xmlError(refusal: Refusal, traceId: string): string {
  const { status, exception, message } = refusal
  const name = exception === undefined ? '' : `${PACKAGES.get(exception) ?? 'no.jotta.backup.errors.'}${exception}`
  const text = [name, message].filter((part) => part !== '').join(': ')
  return (
    `${PROLOG}\n<error>\n  <code>${status}</code>\n  <message>${escapeXml(withoutIllegal(text))}</message>\n` +
    `  <reason>${STATUS_CODES[status] ?? ''}</reason>\n  <cause></cause>\n  <hostname></hostname>\n` +
    `  <x-id>${traceId}</x-id>\n</error>\n`
  )
}

/** The error body of the JSON API (docs/protocol.md §3.6). */
export function jsonError(refusal: Refusal, traceId: string): Record<string, unknown> {
  const { status, exception, message } = refusal
  return { code: status, message, cause: '', error_id: exception ?? '', 'x-id': traceId }
}

/** 404 for a folder or a path in general. */
export function noSuchPath(path: string): Refusal {
  return new Refusal(404, 'NoSuchPathException', `Directory ${path}`)
}

/** 404 for a file. */
export function noSuchFile(path: string): Refusal {
  return new Refusal(404, 'NoSuchFileException', `File ${path} does not exist`)
}

/** 400 for a request that cannot be meant. */
export function invalidArgument(message: string): Refusal {
  return new Refusal(400, 'InvalidArgumentException', message)
}

/** For a name that is taken by a live item; the status is unknown (docs/protocol.md §7.4, unknowns 5 and 7). */
export function notUnique(path: string, status = 409): Refusal {
  return new Refusal(status, 'UniqueFileException', `${path} already exists`)
}
