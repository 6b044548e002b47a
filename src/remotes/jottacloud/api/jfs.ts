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
  /** False for what must not be sent twice without a look in between. */
  readonly repeatable?: boolean
}

/** A command that brings something to another path. */
export interface JfsTransfer extends JfsCall {
  readonly verb: 'mv' | 'mvDir' | 'cp'
  /** The new path as it is to be stored, below the mountpoint. */
  readonly target: string
  /** A slash behind the old path, which some services want for a folder (docs/protocol.md §4.14). */
  readonly slash?: boolean
}

/** The file-tree API of one mountpoint (docs/protocol.md §4). */
export interface Jfs {
  /** @throws StorageError for every reply outside 2xx; else the body is the caller's to read or discard */
  get(call: JfsCall): Promise<HttpResponse>
  /** A command: an empty body, and no Content-Type, which would make it an upload (§4.14). @throws like `get` */
  command(call: JfsCall): Promise<HttpResponse>
  /** A command with a target, which names user, device and mountpoint too (§4.14). @throws like `get` */
  transfer(call: JfsTransfer): Promise<HttpResponse>
  /** The account's own document (§4.3). @throws like `get` */
  account(operation: string, options: CallOptions): Promise<HttpResponse>
}

/** Where the mountpoint is. */
export interface JfsPlace {
  /** Name of the remote, for errors. */
  readonly remote: string
  /** With a slash at the end. */
  readonly base: string
  /** Absent, with the mountpoint, where stored paths begin with both. */
  readonly device?: string
  readonly mountpoint?: string
  /** The internal user name. */
  user(signal: AbortSignal | undefined): Promise<string>
}

/** @param http adds the authorisation */
export function createJfs(http: HttpClient, place: JfsPlace): Jfs {
  const root = [place.device, place.mountpoint].filter((name) => name !== undefined).join('/')

  const send = async (
    method: 'GET' | 'POST',
    address: string,
    call: Omit<JfsCall, 'stored'>,
  ): Promise<HttpResponse> => {
    const user = escapePath(await place.user(call.signal))
    const url = `${place.base}${user}${address}${queryOf(call.query)}`
    const { operation, path, missing, headers = {}, signal, repeatable = true } = call
    const attempt = { remote: place.remote, operation, path, missing, repeatable, changes: method === 'POST' }
    return requestOk(http, { method, url, headers, signal }, attempt)
  }

  return {
    get: (call) => send('GET', escapePath(below(root, call.stored)), call),
    command: (call) => send('POST', escapePath(below(root, call.stored)), call),
    async transfer({ verb, target, slash = false, ...call }) {
      const user = await place.user(call.signal)
      const query = { [verb]: `/${user}${below(root, target)}` }
      return send('POST', escapePath(below(root, call.stored)) + (slash ? '/' : ''), { ...call, query })
    },
    account: (operation, { signal }) => send('GET', '', { operation, path: '', signal }),
  }
}

function below(root: string, stored: string): string {
  return `/${[root, stored].filter((part) => part !== '').join('/')}`
}
