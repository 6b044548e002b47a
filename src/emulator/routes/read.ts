import { deviceDocument, userDocument } from '../documents/account-documents.ts'
import { containerDocument } from '../documents/container-document.ts'
import { fileDocument, jfsPath } from '../documents/file-element.ts'
import type { Page, Root } from '../documents/root.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchPath, Refusal } from '../refusal.ts'
import { findItem, type Device, type FileItem, type TreePath } from '../state/tree.ts'

/** `GET /jfs/<user>` (docs/protocol.md §4.3). */
export function readUser(exchange: Exchange): Promise<void> {
  const { service, reply } = exchange
  return reply.xml(200, userDocument(service.store.world, rootOf(exchange)))
}

/** `GET /jfs/<user>/<device>` (docs/protocol.md §4.4). */
export function readDevice(exchange: Exchange, path: TreePath): Promise<void> {
  return exchange.reply.xml(200, deviceDocument(deviceAt(exchange, path), rootOf(exchange)))
}

/** `GET` of a mountpoint, folder or file, trashed ones included (docs/protocol.md §4.5 to §4.7). */
export function readItem(exchange: Exchange, path: TreePath): Promise<void> {
  const item = findItem(exchange.service.store.world, path)
  if (item === undefined) throw missing(exchange, path)
  if (item.kind === 'file') return answerFile(exchange, item)
  return exchange.reply.xml(200, containerDocument(item, rootOf(exchange), requestedPage(exchange)))
}

/** Answers with the document of a file. */
export function answerFile(exchange: Exchange, file: FileItem, status = 200): Promise<void> {
  const { blobs } = exchange.service.store.world
  return exchange.reply.xml(
    status,
    fileDocument(file, rootOf(exchange), (id) => blobs.received(id)),
  )
}

/** What the root element of every document says. */
export function rootOf({ service }: Exchange): Root {
  return { username: service.store.world.username, now: service.store.now(), dialect: service.dialect }
}

/** The part of a listing that the query asks for. */
export function requestedPage({ query }: Exchange): Page {
  return { first: count(query.get('first')), max: count(query.get('max')) }
}

/** The device of a path; refuses with 404 if there is none. */
export function deviceAt(exchange: Exchange, path: TreePath): Device {
  const { world } = exchange.service.store
  const device = world.devices.get(world.fold(path[0] ?? ''))
  if (device === undefined) throw missing(exchange, path)
  return device
}

function missing({ service }: Exchange, path: TreePath): Refusal {
  if (path.length === 2) return new Refusal(404, 'NoSuchMountPointException', '')
  return noSuchPath(jfsPath(service.store.world.username, path))
}

function count(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
}
