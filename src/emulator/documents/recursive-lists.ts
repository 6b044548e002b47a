import { currentRevision, inOrder, isVisible, pathOf, walk, type Container } from '../state/tree.ts'
import { block, deletedAttribute } from './container-document.ts'
import { rfc3339 } from './dates.ts'
import { escapeXml, preserved } from './escape.ts'
import { fileElement, jfsPath } from './file-element.ts'
import { PROLOG, rootAttributes, type Root } from './root.ts'

/**
 * `mode=liststream`: live folders and completed live files, each folder before its files, and counts that agree with
 * what was written (docs/protocol.md §4.10).
 */
export function* liststreamDocument(start: Container): Generator<string> {
  let folders = 0
  let files = 0
  yield `${PROLOG}<filelist>\n`
  for (const container of walk(start, (folder) => folder.deleted === undefined)) {
    const path = escapeXml(`/${pathOf(container).slice(1).join('/')}`)
    yield `  <folder><path>${path}</path></folder>\n`
    folders++
    for (const file of inOrder(container.files)) {
      const revision = currentRevision(file)
      if (revision === undefined || !isVisible(file)) continue
      files++
      yield (
        `  <file>\n    <path>${path}</path>\n    <filename>${escapeXml(file.name)}</filename>\n` +
        `    <md5>${revision.md5}</md5>\n    <size>${revision.size}</size>\n` +
        `    <modified>${rfc3339(revision.modified)}</modified>\n` +
        `    <created>${rfc3339(revision.created)}</created>\n  </file>\n`
      )
    }
  }
  yield `  <stats>\n    <folders>${folders}</folders>\n    <files>${files}</files>\n  </stats>\n</filelist>\n`
}

/** `mode=list`: a flat sequence of all folders with their files, trashed and unfinished ones included (§4.9). */
export function* listDocument(start: Container, root: Root): Generator<string> {
  yield `${PROLOG}<filedirlist${rootAttributes(root)}>\n  <folders>\n`
  for (const container of walk(start)) {
    const path = jfsPath(root.username, pathOf(container))
    const parent = path.slice(0, path.lastIndexOf('/'))
    const deleted = container.kind === 'folder' ? deletedAttribute(container) : ''
    yield `  <folder name="${escapeXml(container.name)}"${deleted}>\n`
    yield `  ${preserved('path', parent)}\n  ${preserved('abspath', parent)}\n`
    yield* block('files', inOrder(container.files), (file) => fileElement(file, path, { indent: '    ' }))
    yield '  </folder>\n'
  }
  yield '  </folders>\n</filedirlist>\n'
}
