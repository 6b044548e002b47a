import type { ErrorCode } from '../../../core/errors.ts'
import type { Path } from '../../../core/path.ts'
import type { CallOptions } from '../../../core/stream.ts'
import type { HttpClient, HttpResponse } from '../../../http/types.ts'
import { escapePath, queryOf } from './address.ts'
import { requestOk } from './request.ts'

/** One request to JFS. */
export interface JfsCall extends CallOptions {
  readonly operation: string
  /** The path as people see it, for errors. */
  readonly path: Path
  /** The same path as it is stored, below the mountpoint. */
  readonly stored: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** What a 404 means here; 'not-found' by default. */
  readonly missing?: ErrorCode
}

/** The file-tree API of one mountpoint (docs/protocol.md §4). Both verbs can be repeated: every command used is idempotent. */
export interface Jfs {
  /** @throws StorageError for every reply outside 2xx; else the body is the caller's to read or discard */
  get(call: JfsCall): Promise<HttpResponse>
  /** A command: an empty body, and no Content-Type, which would make it an upload (§4.14). @throws like `get` */
  command(call: JfsCall): Promise<HttpResponse>
  /** The account's own document (§4.3). @throws like `get` */
  account(operation: string, options: CallOptions): Promise<HttpResponse>
}

/** Where the mountpoint is. */
export interface JfsPlace {
  /** Name of the remote, for errors. */
  readonly remote: string
  /** With a slash at the end. */
  readonly base: string
  readonly device: string
  readonly mountpoint: string
  /** The internal user name. */
  user(signal: AbortSignal | undefined): Promise<string>
}

/** @param http adds the authorisation */
export function createJfs(http: HttpClient, place: JfsPlace): Jfs {
  const root = escapePath(`${place.device}/${place.mountpoint}`)

  const send = async (
    method: 'GET' | 'POST',
    address: string,
    call: Omit<JfsCall, 'stored'>,
  ): Promise<HttpResponse> => {
    const user = escapePath(await place.user(call.signal))
    const url = `${place.base}${user}${address}${queryOf(call.query)}`
    const { operation, path, missing, headers = {}, signal } = call
    const attempt = { remote: place.remote, operation, path, missing, repeatable: true, changes: method === 'POST' }
    return requestOk(http, { method, url, headers, signal }, attempt)
  }

  return {
    get: (call) => send('GET', below(root, call.stored), call),
    command: (call) => send('POST', below(root, call.stored), call),
    account: (operation, { signal }) => send('GET', '', { operation, path: '', signal }),
  }
}

function below(root: string, stored: string): string {
  return stored === '' ? `/${root}` : `/${root}/${escapePath(stored)}`
}
