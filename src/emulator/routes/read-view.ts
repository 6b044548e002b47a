import { jfsPath } from '../documents/file-element.ts'
import { latestDocument, linksDocument, sharedDocument, trashDocument } from '../documents/view-documents.ts'
import type { Exchange } from '../exchange.ts'
import { viewOf } from '../places.ts'
import { noSuchPath } from '../refusal.ts'
import type { TreePath } from '../state/tree.ts'
import { requestedPage, rootOf } from './read.ts'

/** `GET` of Latest, Shared, Links or Trash; what they show has its own path elsewhere (docs/protocol.md §4.8). */
export function readView(exchange: Exchange, path: TreePath): Promise<void> {
  const { devices, username } = exchange.service.store.world
  const root = rootOf(exchange)
  switch (path.length === 2 ? viewOf(path) : undefined) {
    case 'latest':
      return exchange.reply.xml(200, latestDocument(devices, root, requestedPage(exchange)))
    case 'links':
      return exchange.reply.xml(200, linksDocument(devices, root))
    case 'shared':
      if (exchange.service.dialect.sharedView === 'missing') break
      return exchange.reply.xml(200, sharedDocument(root))
    case 'trash':
      return exchange.reply.xml(200, trashDocument(devices, root, requestedPage(exchange)))
    case undefined:
    default:
  }
  throw noSuchPath(jfsPath(username, path))
}
