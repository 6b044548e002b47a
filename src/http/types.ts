import type { ByteStream } from '../core/stream.ts'

/** A body of bytes with their length, made anew for each attempt. */
export interface StreamBody {
  readonly length: number
  stream(): ByteStream
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** Names in any case; `authorization` is added by {@link HttpClient}s that hold a token. */
  readonly headers?: Readonly<Record<string, string>>
  /** Text and arrays are sent as they are. */
  readonly body?: string | Uint8Array | StreamBody | undefined
  /**
   * Whether the request may be sent again when it is not known what became of it. One that may not gets whatever status
   * comes first; a connection error of it is thrown at once, with effect 'unknown' where the server may have acted. It is
   * repeated only where nothing can have reached the server (the connection was never made).
   */
  readonly repeatable: boolean
  /** Short name for errors and the log: 'allocate', 'list' … */
  readonly operation: string
  readonly signal?: AbortSignal | undefined
}

export interface HttpResponse {
  readonly status: number
  header(name: string): string | undefined
  /**
   * The body in chunks that are not touched again; must be read to its end (or left early) or discarded.
   * @throws StorageError 'network' | 'timeout', retry 'later', while it is read
   */
  readonly body: ByteStream
  /** The whole body as text. @throws StorageError 'protocol' above `limit` bytes (default 16 MiB) */
  text(limit?: number): Promise<string>
  /** Reads and forgets what is left, so that the connection can serve again; never throws but the signal's reason. */
  discard(): Promise<void>
}

/**
 * Speaks HTTP with retries, pacing, time-outs, proxies and dumps. Any status that is left after the retries is a response, not an
 * error: the caller knows what it means. Redirects are such statuses.
 */
export interface HttpClient {
  /**
   * @throws StorageError 'network' | 'timeout', retry 'given-up' after the last attempt; what the body's stream throws, and
   * an abort's reason, pass through as they are
   */
  request(request: HttpRequest): Promise<HttpResponse>
  /** Ends all connections at once; requests still under way fail. */
  close(): Promise<void>
}
