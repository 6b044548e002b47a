import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchFile, noSuchPath, Refusal } from '../refusal.ts'
import { findContainer, findFile, type Container, type TreePath } from '../state/tree.ts'
import { answerBare } from './make-directory.ts'
import { answerFile } from './read.ts'

/** `POST …?dl=true`: moves a file to the trash; fine if it is there already (docs/protocol.md §4.14). */
export function trashFile(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  const file = findFile(store.world.devices, path)
  if (file === undefined) throw noSuchFile(jfsPath(store.world.username, path))
  if (file.deleted === undefined) store.commit({ op: 'trash', kind: 'file', path, at: store.now() })
  return answerFile(exchange, file)
}

/** `POST …?dlDir=true`: moves a folder with all below it to the trash, or a mountpoint (docs/protocol.md §4.14). */
export function trashFolder(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  const folder = findContainer(store.world.devices, path)
  if (folder === undefined) throw noSuchPath(jfsPath(store.world.username, path))
  protectBuiltIn(folder)
  if (folder.deleted === undefined) store.commit({ op: 'trash', kind: 'folder', path, at: store.now() })
  return answerBare(exchange, path)
}

/** Refuses to delete the mountpoints that every account has. */
export function protectBuiltIn(container: Container): void {
  if (container.kind !== 'mountpoint' || container.device.type !== 'JOTTA') return
  if (container.name === 'Archive' || container.name === 'Sync') {
    throw new Refusal(403, 'AccessDeniedException', `${container.name} cannot be deleted`)
  }
}
