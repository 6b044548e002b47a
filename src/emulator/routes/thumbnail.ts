import { jfsPath } from '../documents/file-element.ts'
import { mimeOf } from '../documents/mime.ts'
import type { Exchange } from '../exchange.ts'
import { invalidArgument, noSuchFile, Refusal } from '../refusal.ts'
import { findFile, isVisible, type FileItem, type TreePath } from '../state/tree.ts'

// docs/protocol.md §4.13.
const SIZES = new Set(['WS', 'WM', 'WL', 'WXL'])

/** `GET …?mode=thumb&ts=…` (docs/protocol.md §4.13). */
export function thumbnail({ service, query }: Exchange, path: TreePath): Promise<void> {
  const { world } = service.store
  const file = findFile(world, path)
  if (file === undefined || !isVisible(file)) throw noSuchFile(jfsPath(world.username, path))
  const size = query.get('ts') ?? ''
  if (!SIZES.has(size)) throw invalidArgument(`Unknown thumbnail size ${size}`)
  return thumbnailOf(file)
}

/** Pictures are not scaled here: those that are there answer 501, what is no picture 400. */
export function thumbnailOf(file: FileItem): Promise<never> {
  if (!mimeOf(file.name).startsWith('image/')) throw invalidArgument(`${file.name} is no image`)
  throw new Refusal(501, undefined, 'The emulator does not make thumbnails')
}
