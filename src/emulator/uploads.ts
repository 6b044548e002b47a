import { randomUUID } from 'node:crypto'
import { usageOf } from './documents/account-documents.ts'
import { jfsPath } from './documents/file-element.ts'
import type { Exchange, Service } from './exchange.ts'
import { cutOf, damageOf } from './fault-action.ts'
import { overQuota } from './locks.ts'
import { noSuchFile, Refusal } from './refusal.ts'
import { receive } from './receive.ts'
import type { Part } from './state/blobs.ts'
import type { PutChange } from './state/changes.ts'
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

/** Refuses content that does not fit into the account (docs/protocol.md §7.4, unknown 21). */
export function checkQuota(service: Service, path: TreePath, size: number): void {
  const { world } = service.store
  if (service.capacity < 0) return
  const file = findFile(world, path)
  const more = size - (file === undefined ? 0 : sizeOf(file))
  if (more > 0 && usageOf(world) + more > service.capacity) {
    throw overQuota(service.dialect)
  }
}

/**
 * True if a content is known, so that no bytes are wanted: unfinished uploads do not count (docs/protocol.md §3.2).
 * Whether that goes for no bytes at all is a matter of the dialect.
 */
export function isKnown(
  { store, dialect }: Service,
  content: { readonly md5: string; readonly size: number },
): boolean {
  const key = contentKey(content)
  return store.world.contents.has(key) || (key === EMPTY_KEY && dialect.emptyContent === 'known')
}

const EMPTY_KEY = 'd41d8cd98f00b204e9800998ecf8427e-0'

/** What a known content does to a file that is there: always a new revision, leave it in the trash. */
export type PutWays = Pick<PutChange, 'revision' | 'staysTrashed'>

/** Makes known content the content of a file, which restores it and its folders from the trash. */
export function putKnown(service: Service, wanted: Announcement, ways: PutWays = {}): void {
  const { path, md5, size, created, modified } = wanted
  const at = service.store.now()
  const anew = restarts(service) && !ways.staysTrashed ? { anew: true as const } : {}
  if (size === 0) service.store.commit({ op: 'generated', md5, size })
  service.store.commit({
    op: 'put',
    path,
    md5,
    size,
    created,
    modified,
    uuid: randomUUID(),
    at,
    ...ways,
    ...anew,
  })
}

function restarts({ dialect }: Service): boolean {
  return dialect.revisionAfterTrash === 'restarts'
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
  const { size, md5 } = upload.revision
  const part = world.blobs.part(upload.id, size)
  if (first > part.received) {
    throw new Refusal(416, 'RequestedRangeNotSatisfiedException', `Only ${part.received} bytes are there`)
  }
  if (first < part.received) part.truncate(first)
  service.receivers.get(upload.id)?.destroy()
  service.receivers.set(upload.id, request)
  const isCurrent = (): boolean => service.receivers.get(upload.id) === request && world.uploads.has(upload.id)
  try {
    const end = await fill(exchange, { part, size, isCurrent })
    if (end === 'cut') return 'cut'
    const isFull = part.received >= size
    const intact = isFull && end === 'whole' && (await part.digest()) === md5.toLowerCase()
    // The file, or this request for it, may have gone while bytes came in or were verified.
    if (!isCurrent()) throw noSuchFile(jfsPath(world.username, [upload.requested]))
    if (!isFull) return 'incomplete'
    conclude(service, upload, intact)
    return intact ? 'complete' : 'corrupt'
  } finally {
    part.pause()
    if (service.receivers.get(upload.id) === request) service.receivers.delete(upload.id)
  }
}

interface Filling {
  readonly part: Part
  readonly size: number
  isCurrent(): boolean
}

/** Appends a body to a part, never more than belongs to it; tells whether the body ended, and within its bounds. */
async function fill({ request, tally, action }: Exchange, filling: Filling): Promise<'whole' | 'surplus' | 'cut'> {
  const { part, size } = filling
  const cut = cutOf(action, 'request-body')
  const damaged = damageOf(action, 'request-body')
  let left = cut?.after ?? Infinity
  let surplus = false
  const whole = await receive(request, (chunk) => {
    if (!filling.isCurrent()) return false
    const room = size - part.received
    surplus ||= chunk.byteLength > room
    const wanted = Math.min(chunk.byteLength, room, left)
    const pressure = wanted <= 0 ? undefined : part.append(damaged(chunk).subarray(0, wanted))
    tally.received(Math.min(chunk.byteLength, left))
    left -= chunk.byteLength
    if (left > 0) return pressure ?? true
    return cut?.how === 'hang' ? silence() : false
  })
  if (!whole) return 'cut'
  return surplus ? 'surplus' : 'whole'
}

function silence(): Promise<void> {
  return new Promise(() => undefined)
}

function conclude(service: Service, { id }: Upload, intact: boolean): void {
  const { store } = service
  const at = store.now()
  const anew = restarts(service) ? { uuid: randomUUID() } : {}
  store.commit(intact ? { op: 'complete', id, at, ...anew } : { op: 'corrupt', id, at })
}

function pendingUpload(world: Readonly<World>, { path, md5, size }: Announcement): Upload | undefined {
  const key = contentKey({ md5, size })
  const revisions = findFile(world, path)?.revisions ?? []
  const pending = revisions.find((revision) => revision.upload !== undefined && contentKey(revision) === key)
  return world.uploads.get(pending?.upload ?? '')
}

/** Stores bytes that are all there as the content of an upload. */
export async function storeBytes(service: Service, upload: Upload, bytes: Uint8Array): Promise<void> {
  const { world } = service.store
  const part = world.blobs.part(upload.id, bytes.byteLength)
  service.receivers.get(upload.id)?.destroy()
  service.receivers.delete(upload.id)
  if (part.received > 0) part.truncate(0)
  await part.append(bytes)
  const intact = (await part.digest()) === upload.revision.md5.toLowerCase()
  part.pause()
  if (!world.uploads.has(upload.id)) throw noSuchFile(jfsPath(world.username, [upload.requested]))
  conclude(service, upload, intact)
}
