import { bareDeviceDocument, userDocument } from '../documents/account-documents.ts'
import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchFile, noSuchPath, Refusal } from '../refusal.ts'
import { findContainer, findFile, type TreePath } from '../state/tree.ts'
import { answerBare } from './make-directory.ts'
import { deviceAt, rootOf } from './read.ts'
import { protectBuiltIn } from './trash.ts'

/** `POST …?rm=true`: removes a file, a mountpoint or a device for good, live or trashed (docs/protocol.md §4.14). */
export function removeAny(exchange: Exchange, path: TreePath): Promise<void> {
  if (path.length === 1) return removeDevice(exchange, path)
  if (path.length === 2) return removeFolder(exchange, path)
  const { store } = exchange.service
  if (findFile(store.world.devices, path) === undefined) throw noSuchFile(jfsPath(store.world.username, path))
  store.commit({ op: 'remove', kind: 'file', path, at: store.now() })
  return answerBare(exchange, path.slice(0, -1))
}

/** `POST …?rmDir=true`: removes a folder with all below it for good, live or trashed (docs/protocol.md §4.14). */
export function removeFolder(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  const folder = findContainer(store.world.devices, path)
  if (folder === undefined) throw noSuchPath(jfsPath(store.world.username, path))
  protectBuiltIn(folder)
  store.commit({ op: 'remove', kind: 'folder', path, at: store.now() })
  if (path.length > 2) return answerBare(exchange, path.slice(0, -1))
  return exchange.reply.xml(200, bareDeviceDocument(deviceAt(exchange, path), rootOf(exchange)))
}

function removeDevice(exchange: Exchange, path: TreePath): Promise<void> {
  const { store, capacity } = exchange.service
  const device = deviceAt(exchange, path)
  if (device.type === 'JOTTA') throw new Refusal(403, 'AccessDeniedException', `${device.name} cannot be deleted`)
  store.commit({ op: 'removeDevice', name: device.name })
  return exchange.reply.xml(200, userDocument(store.world, rootOf(exchange), capacity))
}
