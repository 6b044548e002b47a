import { randomBytes } from 'node:crypto'
import { containerDocument } from '../documents/container-document.ts'
import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchPath } from '../refusal.ts'
import { findItem, type Item, type TreePath } from '../state/tree.ts'
import { answerFile, requestedPage, rootOf } from './read.ts'

/** `GET …?mode=enableShare`: gives an item a public link, or keeps the one it has (docs/protocol.md §4.12). */
export function enableShare(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  const item = itemAt(exchange, path)
  const kind = item.kind === 'file' ? 'file' : 'folder'
  if (item.uri === undefined) store.commit({ op: 'share', kind, path, uri: randomBytes(16).toString('hex') })
  return answerItem(exchange, item)
}

/** `GET …?mode=disableShare`: takes the public link away (docs/protocol.md §4.12). */
export function disableShare(exchange: Exchange, path: TreePath): Promise<void> {
  const item = itemAt(exchange, path)
  const kind = item.kind === 'file' ? 'file' : 'folder'
  if (item.uri !== undefined) exchange.service.store.commit({ op: 'share', kind, path })
  return answerItem(exchange, item)
}

function itemAt({ service }: Exchange, path: TreePath): Item {
  const item = findItem(service.store.world, path)
  if (item === undefined) throw noSuchPath(jfsPath(service.store.world.username, path))
  return item
}

function answerItem(exchange: Exchange, item: Item): Promise<void> {
  if (item.kind === 'file') return answerFile(exchange, item)
  return exchange.reply.xml(200, containerDocument(item, rootOf(exchange), requestedPage(exchange)))
}
