import type { ByteStream } from '../core/stream.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes with their length, made anew for each attempt; text and arrays are sent as they are. */
  readonly body?: string | Uint8Array | { readonly length: number; stream(): ByteStream } | undefined
  /**
   * Whether the request may be sent again when it is not known what became of it. Statuses and connection errors of one
   * that may not are thrown at once, with effect 'unknown' where the server may have acted.
   */
  readonly repeatable: boolean
  /** Short name for errors and the log: 'allocate', 'list' … */
  readonly operation: string
  readonly signal?: AbortSignal | undefined
}

export interface HttpResponse {
  readonly status: number
  header(name: string): string | undefined
  /** The body in chunks that are not touched again; must be read to its end or discarded. */
  readonly body: ByteStream
  /** The whole body as text. @throws StorageError 'protocol' above `limit` bytes (default 16 MiB) */
  text(limit?: number): Promise<string>
  /** Reads and forgets what is left, so that the connection can serve again. */
  discard(): Promise<void>
}

/**
 * Speaks HTTP with retries, pacing, time-outs, proxies and dumps. Any status that is left after the retries is a response, not an
 * error: the caller knows what it means.
 */
export interface HttpClient {
  /** @throws StorageError 'network' | 'timeout', retry 'given-up' after the last attempt */
  request(request: HttpRequest): Promise<HttpResponse>
  close(): Promise<void>
}
