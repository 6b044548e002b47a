import { parseDate } from '../documents/dates.ts'
import type { Exchange, Service } from '../exchange.ts'
import { checkPercent, checkZeroWidth } from '../names.ts'
import { checkNewPlace, checkNoFile, checkNoFolder, splitPath } from '../places.ts'
import { invalidArgument } from '../refusal.ts'
import { announce, checkQuota, isKnown, putKnown, type Announcement } from '../uploads.ts'

/** `POST files/v1/allocate`: announces a file (docs/protocol.md §3.2). */
export function allocate({ service, request, reply, body, origins }: Exchange): Promise<void> {
  service.authorise(request)
  const wanted = parseRequest(body, service.store.now())
  const { path, size } = wanted
  checkPercent(path)
  checkNewPlace(service.store.world, path)
  checkZeroWidth(path)
  checkNoFolder(service.store.world, path)
  if (wanted.rejectConflicts) checkNoFile(service.store.world, path)
  checkQuota(service, path, size)
  return reply.json(200, answer(service, wanted, origins.up))
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

function parseRequest(body: string, now: number): Announcement & { readonly rejectConflicts: boolean } {
  const fields = parseBody(body)
  if (fields === undefined) throw invalidArgument('The body is no JSON object')
  const { path: requested, bytes: size, md5 } = fields
  const path = allocatePath(requested)
  if (path === undefined || path.length < 3 || typeof requested !== 'string') throw invalidArgument('Invalid path')
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalidArgument('Invalid bytes')
  if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/i.test(md5)) throw invalidArgument('Invalid md5')
  const created = parseDate(fields['created'], now)
  const modified = parseDate(fields['modified'], now)
  return {
    path,
    requested,
    size,
    md5,
    created,
    modified,
    rejectConflicts: fields['conflict_handler'] === 'REJECT_CONFLICTS',
  }
}

function answer(service: Service, wanted: Announcement, origin: string): Record<string, unknown> {
  const { path, requested, size } = wanted
  const common = { name: path.at(-1), path: requested }
  const uploadUrl = (id: string): string => `${origin}/upload/${id}`
  if (isKnown(service.store.world, wanted)) {
    putKnown(service, wanted)
    const id = completedId(requested)
    return { ...common, state: 'COMPLETED', upload_id: id, upload_url: uploadUrl(id), bytes: size, resume_pos: size }
  }
  const upload = announce(service, wanted)
  const received = service.store.world.blobs.received(upload.id)
  const state = upload.retry && received === 0 ? 'CORRUPT' : 'INCOMPLETE'
  return { ...common, state, upload_id: upload.id, upload_url: uploadUrl(upload.id), bytes: size, resume_pos: received }
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
