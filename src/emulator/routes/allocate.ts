import { jfsPath } from '../documents/file-element.ts'
import type { Exchange, Service } from '../exchange.ts'
import { checkLocks } from '../locks.ts'
import { checkPercent, checkZeroWidth } from '../names.ts'
import { checkNewPlace, checkNoFolder, splitPath } from '../places.ts'
import { invalidArgument, notUnique } from '../refusal.ts'
import { findFile, isVisible, pathOf, type TreePath } from '../state/tree.ts'
import { sentTimes } from '../times.ts'
import { announce, checkQuota, isKnown, putKnown, type Announcement } from '../uploads.ts'

/** `POST files/v1/allocate`: announces a file (docs/protocol.md §3.2). */
export function allocate({ service, request, reply, body }: Exchange): Promise<void> {
  service.authorise(request)
  checkLocks(service, 'write')
  const wanted = parseRequest(body, service)
  const { path, size } = wanted
  checkPercent(path)
  checkNewPlace(service, path)
  checkZeroWidth(path)
  checkNoFolder(service, path)
  if (wanted.rejectConflicts) checkNoConflict(service, path)
  checkQuota(service, path, size)
  return reply.json(200, answer(service, wanted))
}

/** The path in the tree that an allocate request means, in either of its two forms; undefined if it is no path. */
export function allocatePath(path: unknown): string[] | undefined {
  if (typeof path !== 'string') return undefined
  return path.startsWith('/jfs/') ? splitPath(path.slice('/jfs/'.length)) : ['Jotta', ...splitPath(path)]
}

/** What the body says; undefined if it is no JSON object. */
export function parseBody(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}

/** The path that replies about a file name: the request's, or the long form in the stored spelling (§7.4, unknown 6). */
export function shownPath({ store, dialect }: Service, path: TreePath, requested: string): string {
  if (dialect.allocatePath === 'echo') return requested
  const file = findFile(store.world, path)
  return jfsPath('jfs', file === undefined ? path : pathOf(file))
}

function checkNoConflict({ store, dialect }: Service, path: TreePath): void {
  const file = findFile(store.world, path)
  if (file === undefined || !isVisible(file)) return
  throw notUnique(jfsPath(store.world.username, path), dialect.rejectConflictStatus)
}

function parseRequest(body: string, service: Service): Announcement & { readonly rejectConflicts: boolean } {
  const fields = parseBody(body)
  if (fields === undefined) throw invalidArgument('The body is no JSON object')
  const { path: requested, bytes: size, md5 } = fields
  const path = allocatePath(requested)
  if (path === undefined || path.length < 3 || typeof requested !== 'string') throw invalidArgument('Invalid path')
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalidArgument('Invalid bytes')
  if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/i.test(md5)) throw invalidArgument('Invalid md5')
  const times = sentTimes(service, path, { created: fields['created'], modified: fields['modified'] })
  return { path, requested, size, md5, ...times, rejectConflicts: fields['conflict_handler'] === 'REJECT_CONFLICTS' }
}

function answer(service: Service, wanted: Announcement): Record<string, unknown> {
  const { path, requested, size } = wanted
  const common = (id: string): Record<string, unknown> => ({
    name: path.at(-1),
    path: shownPath(service, path, requested),
    upload_id: id,
    upload_url: `${service.baseUrl()}/upload/${id}`,
    bytes: size,
  })
  if (isKnown(service, wanted)) {
    putKnown(service, wanted)
    return { ...common(completedId(requested)), state: 'COMPLETED', resume_pos: size }
  }
  const upload = announce(service, wanted)
  service.usedUploads.delete(upload.id)
  const received = service.store.world.blobs.received(upload.id)
  const state = upload.retry && received === 0 ? service.dialect.corruptRetryState : 'INCOMPLETE'
  return { ...common(upload.id), state, resume_pos: received }
}

const COMPLETED_PREFIX = 'completed.'

// Some clients upload even then (docs/protocol.md §3.2), so the URL must work, but it need not be remembered.
function completedId(requested: string): string {
  return COMPLETED_PREFIX + Buffer.from(requested).toString('base64url')
}

/** The requested path in the id that a COMPLETED answer carries; undefined for the ids of real uploads. */
export function completedPath(id: string): string | undefined {
  if (!id.startsWith(COMPLETED_PREFIX)) return undefined
  return Buffer.from(id.slice(COMPLETED_PREFIX.length), 'base64url').toString()
}
