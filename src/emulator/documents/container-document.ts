import { pathOf, type Container, type FileItem, type Folder, type Mountpoint } from '../state/tree.ts'
import type { Dialect } from '../dialect.ts'
import { jfsDate } from './dates.ts'
import { escapeXml, preserved } from './escape.ts'
import { fileElement, jfsPath, linkElements, parentElements } from './file-element.ts'
import { listingOrder } from './listing-order.ts'
import { PROLOG, pageAttributes, pageOf, rootAttributes, type Page, type Root } from './root.ts'

/** The document of a mountpoint or folder with its entries, in pieces (docs/protocol.md §4.5 and §4.6). */
export function* containerDocument(container: Container, root: Root, page: Page): Generator<string> {
  yield openingTag(container, root)
  yield* entries(container, root, page)
  yield `</${elementName(container)}>\n`
}

/** The document without entries and `metadata`, as creating commands answer it (docs/protocol.md §4.6). */
export function bareDocument(container: Container, root: Root): string {
  return `${openingTag(container, root)}</${elementName(container)}>\n`
}

/** The elements of a mountpoint between its name and its entries. */
export function mountpointElements(mountpoint: Mountpoint, username: string): string {
  const parent = `/${username}/${mountpoint.device.name}`
  const deleted = mountpoint.deleted === undefined ? '' : `  <deleted>${jfsDate(mountpoint.deleted)}</deleted>\n`
  return (
    `${deleted}  ${preserved('path', parent)}\n  ${preserved('abspath', parent)}\n` +
    `  <size>${mountpoint.size}</size>\n  <modified>${jfsDate(mountpoint.modified)}</modified>\n` +
    `  <device>${escapeXml(mountpoint.device.name)}</device>\n  <user>${username}</user>\n` +
    linkElements(mountpoint, username, '  ')
  )
}

function elementName(container: Container): string {
  return container.kind === 'mountpoint' ? 'mountPoint' : 'folder'
}

function openingTag(container: Container, root: Root): string {
  const attributes = rootAttributes(root)
  if (container.kind === 'mountpoint') {
    const name = `  ${preserved('name', container.name)}\n`
    return `${PROLOG}<mountPoint${attributes}>\n${name}${mountpointElements(container, root.username)}`
  }
  const tag = `<folder name="${escapeXml(container.name)}"${deletedAttribute(container)}${attributes}>\n`
  return (
    PROLOG +
    tag +
    parentElements(container, root.username, '  ') +
    linkElements(container, root.username, '  ') +
    timeElements(container, root.dialect, '  ')
  )
}

// Clients know such elements, no recorded sample has them (docs/protocol.md §4.6).
function timeElements({ modified }: Folder, { folderTimes }: Dialect, indent: string): string {
  if (folderTimes === 'absent' || modified === undefined) return ''
  const date = jfsDate(modified)
  return ['created', 'modified', 'updated'].map((name) => `${indent}<${name}>${date}</${name}>\n`).join('')
}

function* entries(container: Container, root: Root, page: Page): Generator<string> {
  const path = jfsPath(root.username, pathOf(container))
  const order = listingOrder(root.dialect)
  const all = [...order<Folder | FileItem>(container.folders), ...order(container.files)]
  const shown = pageOf<Folder | FileItem>(all, page)
  const folders = shown.filter((item) => item.kind === 'folder')
  const files = shown.filter((item) => item.kind === 'file')
  yield* block('folders', folders, (folder) => folderElement(folder, path, { dialect: root.dialect }))
  yield* block('files', files, (file) => fileElement(file, path, { indent: '    ' }))
  const counts = `num_folders="${container.folders.size}" num_files="${container.files.size}"`
  yield `  <metadata ${pageAttributes(page)} total="${all.length}" ${counts}/>\n`
}

/** An element around others, left out when there are none. */
export function* block<T>(name: string, items: readonly T[], write: (item: T) => string): Generator<string> {
  if (items.length === 0) return
  yield `  <${name}>\n`
  for (const item of items) yield write(item)
  yield `  </${name}>\n`
}

/** A folder as an entry of a listing; `container` is the full path of its parent. */
export function folderElement(folder: Folder, container: string, options: FolderElementOptions): string {
  const { attributes = '', dialect } = options
  const tag = `    <folder name="${escapeXml(folder.name)}"${deletedAttribute(folder)}${attributes}`
  const origin = folder.deleted === undefined ? '' : `      ${preserved('abspath', container)}\n`
  const inner = origin + timeElements(folder, dialect, '      ')
  return inner === '' ? `${tag}/>\n` : `${tag}>\n${inner}    </folder>\n`
}

interface FolderElementOptions {
  readonly dialect: Dialect
  /** More attributes, with a leading space. */
  readonly attributes?: string
}

/** The `deleted` attribute of a folder, with a leading space; empty for a live one. */
export function deletedAttribute(folder: Folder): string {
  return folder.deleted === undefined ? '' : ` deleted="${jfsDate(folder.deleted)}"`
}
