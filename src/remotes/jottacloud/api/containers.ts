import type { HttpClient, HttpResponse } from '../../../http/types.ts'
import { escapePath } from './address.ts'
import { namesOf } from './documents.ts'
import type { Attempt } from './failure.ts'
import { requestOk } from './request.ts'
import { readXml } from './xml.ts'

/** An account whose devices and mountpoints are meant. */
export interface Containers {
  /** Adds the authorisation. */
  readonly http: HttpClient
  /** Of JFS, with a slash at the end. */
  readonly base: string
  /** Name of the remote, for errors. */
  readonly remote: string
  /** The internal user name. */
  readonly user: string
  readonly signal: AbortSignal
}

/** The names of the account's devices (docs/protocol.md §4.3). */
export async function listDevices(account: Containers): Promise<readonly string[]> {
  return namesOf(await readXml((await get(account, '')).body), 'devices')
}

/** The names of the mountpoints of a device, without deleted ones (docs/protocol.md §4.4). @throws StorageError 'not-found' */
export async function listMountpoints(account: Containers, device: string): Promise<readonly string[]> {
  return namesOf(await readXml((await get(account, device)).body), 'mountPoints')
}

/** Makes a device (docs/protocol.md §2.8). */
export async function createDevice(account: Containers, device: string): Promise<void> {
  const attempt = { operation: 'make device', path: device, repeatable: true, changes: true }
  await (await send(account, 'POST', attempt, '?type=WORKSTATION')).discard()
}

/** Makes a mountpoint on a device that is not the built-in one (docs/protocol.md §2.8). */
export async function createMountpoint(account: Containers, device: string, mountpoint: string): Promise<void> {
  const attempt = { operation: 'make mountpoint', path: `${device}/${mountpoint}`, repeatable: true, changes: true }
  await (await send(account, 'POST', attempt)).discard()
}

function get(account: Containers, path: string): Promise<HttpResponse> {
  return send(account, 'GET', { operation: 'devices', path, repeatable: true })
}

function send(
  { http, base, remote, user, signal }: Containers,
  method: 'GET' | 'POST',
  attempt: Omit<Attempt, 'remote'> & { readonly path: string },
  query = '',
): Promise<HttpResponse> {
  const url = `${base}${escapePath(attempt.path === '' ? user : `${user}/${attempt.path}`)}${query}`
  return requestOk(http, { method, url, signal }, { ...attempt, remote })
}
