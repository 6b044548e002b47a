import { bareDeviceDocument, userDocument } from '../documents/account-documents.ts'
import { bareDocument } from '../documents/container-document.ts'
import { fileDocument, jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchFile, noSuchPath, Refusal } from '../refusal.ts'
import type { RemoveChange } from '../state/changes.ts'
import { findContainer, findFile, type TreePath } from '../state/tree.ts'
import { answerBare } from './make-directory.ts'
import { deviceAt, rootOf } from './read.ts'
import { protectBuiltIn } from './trash.ts'

/** `POST …?rm=true`: removes a file, a mountpoint or a device for good, live or trashed (docs/protocol.md §4.14). */
export function removeAny(exchange: Exchange, path: TreePath): Promise<void> {
  if (path.length === 1) return removeDevice(exchange, path)
  if (path.length === 2) return removeFolder(exchange, path)
  const { store } = exchange.service
  const file = findFile(store.world, path)
  if (file === undefined) throw noSuchFile(jfsPath(store.world.username, path))
  const document = fileDocument(file, rootOf(exchange), (id) => store.world.blobs.received(id))
  remove(exchange, 'file', path)
  return answerRemoved(exchange, path, document)
}

/** `POST …?rmDir=true`: removes a folder with all below it for good, live or trashed (docs/protocol.md §4.14). */
export function removeFolder(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  const folder = findContainer(store.world, path)
  if (folder === undefined) throw noSuchPath(jfsPath(store.world.username, path))
  protectBuiltIn(folder)
  const document = bareDocument(folder, rootOf(exchange))
  remove(exchange, 'folder', path)
  if (path.length > 2) return answerRemoved(exchange, path, document)
  return exchange.reply.xml(200, bareDeviceDocument(deviceAt(exchange, path), rootOf(exchange)))
}

function remove({ service }: Exchange, kind: RemoveChange['kind'], path: TreePath): void {
  const { store, dialect } = service
  const remember = dialect.revisionAfterHardDelete === 'continues' ? ({ remember: true } as const) : {}
  store.commit({ op: 'remove', kind, path, at: store.now(), ...remember })
}

// Sources disagree on what is answered (docs/protocol.md §7.3).
function answerRemoved(exchange: Exchange, path: TreePath, document: string): Promise<void> {
  if (exchange.service.dialect.removeReply === 'removed') return exchange.reply.xml(200, document)
  return answerBare(exchange, path.slice(0, -1))
}

function removeDevice(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  const device = deviceAt(exchange, path)
  if (device.type === 'JOTTA') throw new Refusal(403, 'AccessDeniedException', `${device.name} cannot be deleted`)
  store.commit({ op: 'removeDevice', name: device.name })
  return exchange.reply.xml(200, userDocument(store.world, rootOf(exchange)))
}
