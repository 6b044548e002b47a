import { bareDocument } from '../documents/container-document.ts'
import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { checkNewPlace, checkNoFile } from '../places.ts'
import { noSuchPath } from '../refusal.ts'
import { findContainer, type TreePath } from '../state/tree.ts'
import { rootOf } from './read.ts'

/** `POST …?mkDir=true`: makes a folder and all above it, or makes it live again (docs/protocol.md §4.14). */
export function makeDirectory(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  if (path.length < 2) throw noSuchPath(jfsPath(store.world.username, path))
  checkNewPlace(exchange.service, path)
  checkNoFile(exchange.service, path)
  store.commit({ op: 'mkdir', path, at: store.now() })
  return answerBare(exchange, path)
}

/** Answers with the document of a container without its entries. */
export function answerBare(exchange: Exchange, path: TreePath, status = 200): Promise<void> {
  const { world } = exchange.service.store
  const container = findContainer(world, path)
  if (container === undefined) throw noSuchPath(jfsPath(world.username, path))
  return exchange.reply.xml(status, bareDocument(container, rootOf(exchange)))
}
