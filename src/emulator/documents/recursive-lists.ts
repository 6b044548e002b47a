import {
  currentRevision,
  isVisible,
  pathOf,
  walk,
  type Container,
  type FileItem,
  type TreePath,
} from '../state/tree.ts'
import { block, deletedAttribute } from './container-document.ts'
import { rfc3339 } from './dates.ts'
import { escapeXml, preserved } from './escape.ts'
import { fileElement, jfsPath } from './file-element.ts'
import { listingOrder } from './listing-order.ts'
import { PROLOG, rootAttributes, type Root } from './root.ts'

/**
 * `mode=liststream`: live folders and completed live files, and counts that agree with what was written
 * (docs/protocol.md §4.10). `requested` is the path of the start folder as the client spelled it.
 */
export function* liststreamDocument(start: Container, { dialect }: Root, requested: TreePath): Generator<string> {
  let folders = 0
  let files = 0
  const order = listingOrder(dialect)
  const names = dialect.listStreamSpelling === 'requested' ? requested : pathOf(start)
  yield `${PROLOG}<${dialect.listStreamRoot}>\n`
  for (const container of walk(start, (folder) => folder.deleted === undefined, order)) {
    const below = pathOf(container).slice(names.length)
    const path = escapeXml(`/${[...names, ...below].slice(1).join('/')}`)
    const shown = order(container.files).filter(isVisible)
    if (dialect.listStreamFolders === 'all' || shown.length === 0) {
      yield `  <folder><path>${path}</path></folder>\n`
    }
    folders++
    files += shown.length
    for (const file of shown) yield listedFile(file, path)
  }
  yield `  <stats>\n    <folders>${folders}</folders>\n    <files>${files}</files>\n  </stats>\n</${dialect.listStreamRoot}>\n`
}

function listedFile(file: FileItem, path: string): string {
  const revision = currentRevision(file)
  if (revision === undefined) return ''
  return (
    `  <file>\n    <path>${path}</path>\n    <filename>${escapeXml(file.name)}</filename>\n` +
    `    <md5>${revision.md5}</md5>\n    <size>${revision.size}</size>\n` +
    `    <modified>${rfc3339(revision.modified)}</modified>\n` +
    `    <created>${rfc3339(revision.created)}</created>\n  </file>\n`
  )
}

/** `mode=list`: a flat sequence of all folders with their files, trashed and unfinished ones included (§4.9). */
export function* listDocument(start: Container, root: Root): Generator<string> {
  const order = listingOrder(root.dialect)
  yield `${PROLOG}<filedirlist${rootAttributes(root)}>\n  <folders>\n`
  for (const container of walk(start, () => true, order)) {
    const path = jfsPath(root.username, pathOf(container))
    const parent = path.slice(0, path.lastIndexOf('/'))
    const deleted = container.kind === 'folder' ? deletedAttribute(container) : ''
    yield `  <folder name="${escapeXml(container.name)}"${deleted}>\n`
    yield `  ${preserved('path', parent)}\n  ${preserved('abspath', parent)}\n`
    yield* block('files', order(container.files), (file) => fileElement(file, path, { indent: '    ' }))
    yield '  </folder>\n'
  }
  yield '  </folders>\n</filedirlist>\n'
}
