import type { HttpClient } from './types.ts'

/** A request as libraries give it that are made for `fetch`: text bodies only. */
export interface FetchOptions {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: { toString(): string } | null | undefined
  readonly signal?: AbortSignal | null | undefined
}

/**
 * A `fetch` over a client, with its proxies, certificates, time-outs and dumps, for libraries that bring their own requests.
 * Redirects are answers; of the headers of an answer only its type and challenge are passed on.
 * @param operation for errors and the log
 */
export function fetchOver(
  client: HttpClient,
  operation: string,
): (url: string, options?: FetchOptions) => Promise<Response> {
  return async (url, { method = 'GET', headers = {}, body, signal } = {}) => {
    const isGet = method.toUpperCase() === 'GET'
    const answer = await client.request({
      method: isGet ? 'GET' : 'POST',
      url,
      headers: { ...headers },
      ...(!isGet && { body: body?.toString() ?? '' }),
      repeatable: isGet,
      operation,
      signal: signal ?? undefined,
    })
    const kept = ['content-type', 'www-authenticate'].map((name) => [name, answer.header(name)] as const)
    const text = await answer.text()
    return new Response(withoutBody.has(answer.status) ? null : text, {
      status: answer.status,
      headers: kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]])),
    })
  }
}

const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])
