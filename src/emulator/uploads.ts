import { randomUUID } from 'node:crypto'
import { usageOf } from './documents/account-documents.ts'
import { jfsPath } from './documents/file-element.ts'
import type { Exchange, Service } from './exchange.ts'
import { noSuchFile, Refusal } from './refusal.ts'
import { receive } from './receive.ts'
import { sizeOf } from './state/revisions.ts'
import { findFile, type TreePath } from './state/tree.ts'
import { contentKey, type Upload, type World } from './state/world.ts'

/** A content and the times it is to have at a path. */
export interface Announcement {
  readonly path: TreePath
  /** The path as the client spelled it. */
  readonly requested: string
  readonly md5: string
  readonly size: number
  readonly created: number
  readonly modified: number
}

/** Refuses content that does not fit into the account: 507, a guess (docs/protocol.md §7.4, unknown 21). */
export function checkQuota(service: Service, path: TreePath, size: number): void {
  const { world } = service.store
  if (service.capacity < 0) return
  const file = findFile(world.devices, path)
  const more = size - (file === undefined ? 0 : sizeOf(file))
  if (more > 0 && usageOf(world) + more > service.capacity) {
    throw new Refusal(507, 'QuotaExceededException', 'The storage quota is exceeded')
  }
}

/** True if a content is known, so that no bytes are wanted: unfinished uploads do not count (docs/protocol.md §3.2). */
export function isKnown(world: Readonly<World>, content: { readonly md5: string; readonly size: number }): boolean {
  return world.contents.has(contentKey(content))
}

/** Makes known content the content of a file, which restores it and its folders from the trash. */
export function putKnown(service: Service, { path, md5, size, created, modified }: Announcement, copy?: true): void {
  const at = service.store.now()
  const change = { op: 'put', path, md5, size, created, modified, uuid: randomUUID(), at } as const
  service.store.commit(copy === undefined ? change : { ...change, copy })
}

/** Finds the unfinished upload of the same content to the same path and gives it the times, or registers one. */
export function announce(service: Service, announcement: Announcement): Upload {
  const { store } = service
  const { path, requested, md5, size, created, modified } = announcement
  const pending = pendingUpload(store.world, announcement)
  if (pending !== undefined) {
    store.commit({ op: 'retime', id: pending.id, created, modified })
    return pending
  }
  const id = randomUUID()
  const at = store.now()
  store.commit({ op: 'allocate', id, path, requested, md5, size, created, modified, uuid: randomUUID(), at })
  const upload = store.world.uploads.get(id)
  if (upload === undefined) throw new Error(`upload ${id} was not registered`)
  return upload
}

/** How an upload request ended; after `cut` there is nobody left to answer. */
export type UploadOutcome = 'complete' | 'incomplete' | 'corrupt' | 'cut'

/**
 * Takes the body of a request as the bytes of an upload from position `first` on. What arrives before a connection
 * breaks stays. Refuses a position behind the received bytes, and an upload whose file went away meanwhile.
 */
export async function storeBody(exchange: Exchange, upload: Upload, first: number): Promise<UploadOutcome> {
  const { service, request } = exchange
  const { world } = service.store
  const { size } = upload.revision
  const part = world.blobs.part(upload.id)
  if (first > part.received) {
    throw new Refusal(416, 'RequestedRangeNotSatisfiedException', `Only ${part.received} bytes are there`)
  }
  if (first < part.received) part.truncate(first)
  service.receivers.get(upload.id)?.destroy()
  service.receivers.set(upload.id, request)
  let left = cutAfter(exchange)
  let surplus = false
  const isCurrent = (): boolean => service.receivers.get(upload.id) === request && world.uploads.has(upload.id)
  const whole = await receive(request, (chunk) => {
    if (!isCurrent()) return false
    const wanted = Math.min(chunk.byteLength, size - part.received, left)
    surplus ||= chunk.byteLength > size - part.received
    if (wanted > 0) part.append(wanted === chunk.byteLength ? chunk : chunk.subarray(0, wanted))
    exchange.tally.received(Math.min(chunk.byteLength, left))
    left -= chunk.byteLength
    return left > 0
  })
  const current = isCurrent()
  if (service.receivers.get(upload.id) === request) service.receivers.delete(upload.id)
  if (!whole) {
    part.pause()
    return 'cut'
  }
  if (!current) throw noSuchFile(jfsPath(world.username, [upload.requested]))
  return finish(service, upload, surplus)
}

function finish({ store }: Service, upload: Upload, surplus: boolean): UploadOutcome {
  const part = store.world.blobs.part(upload.id)
  if (part.received < upload.revision.size) {
    part.pause()
    return 'incomplete'
  }
  const intact = !surplus && part.digest() === upload.revision.md5.toLowerCase()
  store.commit({ op: intact ? 'complete' : 'corrupt', id: upload.id, at: store.now() })
  return intact ? 'complete' : 'corrupt'
}

function pendingUpload(world: Readonly<World>, { path, md5, size }: Announcement): Upload | undefined {
  const key = contentKey({ md5, size })
  const revisions = findFile(world.devices, path)?.revisions ?? []
  const pending = revisions.find((revision) => revision.upload !== undefined && contentKey(revision) === key)
  return world.uploads.get(pending?.upload ?? '')
}

function cutAfter({ action }: Exchange): number {
  return action !== undefined && 'reset' in action && action.reset === 'request-body' ? action.afterBytes : Infinity
}
