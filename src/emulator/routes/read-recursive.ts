import { jfsPath } from '../documents/file-element.ts'
import { listDocument, liststreamDocument } from '../documents/recursive-lists.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchPath } from '../refusal.ts'
import { findContainer, type Container, type TreePath } from '../state/tree.ts'
import { rootOf } from './read.ts'

/** `GET …?mode=liststream` of a live mountpoint or folder (docs/protocol.md §4.10). */
export function readListstream(exchange: Exchange, path: TreePath): Promise<void> {
  const start = startOf(exchange, path)
  if (start.deleted !== undefined) throw noSuchPath(jfsPath(exchange.service.store.world.username, path))
  return exchange.reply.xml(200, liststreamDocument(start, rootOf(exchange), path))
}

/** `GET …?mode=list` of a mountpoint or folder (docs/protocol.md §4.9). */
export function readList(exchange: Exchange, path: TreePath): Promise<void> {
  return exchange.reply.xml(200, listDocument(startOf(exchange, path), rootOf(exchange)))
}

function startOf({ service }: Exchange, path: TreePath): Container {
  const start = findContainer(service.store.world, path)
  if (start === undefined) throw noSuchPath(jfsPath(service.store.world.username, path))
  return start
}
