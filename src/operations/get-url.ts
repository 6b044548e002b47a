import { STATUS_CODES } from 'node:http'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import type { ByteStream } from '../core/stream.ts'

/** What of an HTTP client is needed here. */
export interface UrlGetter {
  request(request: {
    readonly method: 'GET'
    readonly url: string
    readonly repeatable: true
    readonly operation: string
    readonly signal?: AbortSignal | undefined
  }): Promise<UrlAnswer>
}

/** An answer; its body is read to the end or discarded. */
export interface UrlAnswer {
  readonly status: number
  header(name: string): string | undefined
  readonly body: ByteStream
  discard(): Promise<void>
}

/** What a URL led to. */
export interface GotUrl extends Pick<UrlAnswer, 'header' | 'body' | 'discard'> {
  /** After all redirects. */
  readonly url: URL
}

const mostRedirects = 10
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Asks for a URL and follows redirects.
 * @throws StorageError 'CopyURL failed: …' where it is none, or the answer is no success
 */
export async function getUrl(http: UrlGetter, typed: string, signal: AbortSignal): Promise<GotUrl> {
  let url = parseUrl(typed)
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const answer = await ask(http, url, signal)
    const location = redirects.has(answer.status) ? answer.header('location') : undefined
    if (answer.status >= 200 && answer.status < 300) {
      return { url, header: (name) => answer.header(name), body: answer.body, discard: () => answer.discard() }
    }
    await answer.discard()
    if (location === undefined) throw copyUrlError(statusText(answer.status))
    url = parseUrl(location, url)
  }
  throw copyUrlError(`stopped after ${mostRedirects} redirects`)
}

/** An error in the words of rclone's copyurl. */
export function copyUrlError(text: string, cause?: unknown): StorageError {
  const retry = isStorageError(cause) ? cause.retry : 'no'
  return new StorageError('io', `CopyURL failed: ${text}`, { retry, cause })
}

async function ask(http: UrlGetter, url: URL, signal: AbortSignal): Promise<UrlAnswer> {
  try {
    return await http.request({ method: 'GET', url: url.href, repeatable: true, operation: 'copyurl', signal })
  } catch (error) {
    signal.throwIfAborted()
    throw copyUrlError(messageOf(error), error)
  }
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw copyUrlError(`${JSON.stringify(text)} is no http or https URL`)
}

function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()
}
