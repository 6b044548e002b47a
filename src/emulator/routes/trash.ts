import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchFile, noSuchPath, Refusal } from '../refusal.ts'
import { findContainer, findFile, type Container, type TreePath } from '../state/tree.ts'
import { answerBare } from './make-directory.ts'
import { answerFile } from './read.ts'

/** `POST …?dl=true`: moves a file to the trash; fine if it is there already (docs/protocol.md §4.14). */
export function trashFile(exchange: Exchange, path: TreePath): Promise<void> {
  const { store, dialect } = exchange.service
  const file = findFile(store.world, path)
  if (file === undefined && dialect.dlMissing === 200) return answerBare(exchange, nearest(exchange, path))
  if (file === undefined) throw noSuchFile(jfsPath(store.world.username, path))
  if (file.deleted === undefined) store.commit({ op: 'trash', kind: 'file', path, at: store.now() })
  return answerFile(exchange, file)
}

/** `POST …?dlDir=true`: moves a folder with all below it to the trash, or a mountpoint (docs/protocol.md §4.14). */
export function trashFolder(exchange: Exchange, path: TreePath): Promise<void> {
  const { store, dialect } = exchange.service
  const folder = findContainer(store.world, path)
  const isGone = folder?.deleted !== undefined && dialect.dlDirTrashed === 404
  if (folder === undefined || isGone) throw noSuchPath(jfsPath(store.world.username, path))
  protectBuiltIn(folder)
  if (folder.deleted === undefined) store.commit({ op: 'trash', kind: 'folder', path, at: store.now() })
  return answerBare(exchange, path)
}

// The first container above a path that is there, or nothing.
function nearest({ service }: Pick<Exchange, 'service'>, path: TreePath): TreePath {
  const above = path.slice(0, -1)
  const isThere = above.length < 3 || findContainer(service.store.world, above) !== undefined
  return isThere ? above : nearest({ service }, above)
}

/** Refuses to delete the mountpoints that every account has. */
export function protectBuiltIn(container: Container): void {
  if (container.kind !== 'mountpoint' || container.device.type !== 'JOTTA') return
  if (container.name === 'Archive' || container.name === 'Sync') {
    throw new Refusal(403, 'AccessDeniedException', `${container.name} cannot be deleted`)
  }
}
