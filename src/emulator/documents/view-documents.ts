import { trashedTops } from '../state/trashed.ts'
import {
  currentRevision,
  filesBelow,
  isVisible,
  pathOf,
  type Devices,
  type FileItem,
  type Folder,
  type Item,
} from '../state/tree.ts'
import { block, folderElement } from './container-document.ts'
import { preserved } from './escape.ts'
import { fileElement, jfsPath, linkElements, parentElements } from './file-element.ts'
import { PROLOG, pageAttributes, pageOf, rootAttributes, type Page, type Root } from './root.ts'

// docs/protocol.md §4.8: the service never shows fewer.
const LEAST_LATEST = 10

/** `Latest`: files by the time at which they were stored, newest first. */
export function latestDocument(devices: Devices, root: Root, page: Page): Generator<string> {
  const all = allFiles(devices)
    .filter(isVisible)
    .sort((a, b) => updated(b) - updated(a))
  const shown = pageOf(all, page.max === undefined ? page : { ...page, max: Math.max(page.max, LEAST_LATEST) })
  return searchResult(shown, root, `${pageAttributes(page)} total="${all.length}" num_files="${all.length}"`)
}

/** `Links`: files with a public link, trashed ones included. That the count is called `num_folders` is no slip. */
export function linksDocument(devices: Devices, root: Root): Generator<string> {
  const all = allFiles(devices).filter((file) => file.uri !== undefined)
  return searchResult(all, root, `first="0" max="${all.length}" total="${all.length}" num_folders="${all.length}"`)
}

/** `Shared`: its real document is unknown; an empty search result or mountpoint (docs/protocol.md §7.4, unknown 29). */
export function* sharedDocument(root: Root): Generator<string> {
  const metadata = 'first="" max="" total="0"'
  if (root.dialect.sharedView === 'searchresult') {
    yield* searchResult([], root, `${metadata} num_files="0"`)
    return
  }
  yield viewRoot(root, 'Shared')
  yield `  <metadata ${metadata} num_folders="0" num_files="0"/>\n</mountPoint>\n`
}

/** `Trash`: the tops of everything that was deleted, on whatever device. */
export function* trashDocument(devices: Devices, root: Root, page: Page): Generator<string> {
  const all = trashedTops(devices).filter((item) => item.kind !== 'mountpoint')
  const folders = all.filter((item) => item.kind === 'folder')
  const files = all.filter((item) => item.kind === 'file')
  const shown = pageOf([...folders, ...files], page)
  const context = { indent: '    ', attributes: ' contextType="TRASH"', dialect: root.dialect }
  yield viewRoot(root, 'Trash')
  yield* block('folders', shown.filter(isFolder), (folder) =>
    folderElement(folder, jfsPath(root.username, pathOf(folder.parent)), context),
  )
  yield* block('files', shown.filter(isFile), (file) =>
    fileElement(file, jfsPath(root.username, pathOf(file.parent)), context),
  )
  const counts = `num_folders="${folders.length}" num_files="${files.length}"`
  yield `  <metadata ${pageAttributes(page)} total="${all.length}" ${counts}/>\n</mountPoint>\n`
}

function viewRoot(root: Root, name: string): string {
  const parent = `/${root.username}/Jotta`
  return (
    `${PROLOG}<mountPoint${rootAttributes(root)}>\n  ${preserved('name', name)}\n` +
    `  ${preserved('path', parent)}\n  ${preserved('abspath', parent)}\n  <size></size>\n  <modified></modified>\n` +
    `  <device>Jotta</device>\n  <user>${root.username}</user>\n`
  )
}

function isFolder(item: Item): item is Folder {
  return item.kind === 'folder'
}

function isFile(item: Item): item is FileItem {
  return item.kind === 'file'
}

function* searchResult(files: readonly FileItem[], root: Root, metadata: string): Generator<string> {
  yield `${PROLOG}<searchresult${rootAttributes(root)}>\n`
  yield* block('files', files, (file) => {
    const head = parentElements(file, root.username, '      ') + linkElements(file, root.username, '      ')
    return fileElement(file, '', { indent: '    ', head })
  })
  yield `  <metadata ${metadata}/>\n</searchresult>\n`
}

function allFiles(devices: Devices): FileItem[] {
  const files: FileItem[] = []
  for (const device of devices.values()) {
    for (const mountpoint of device.mountpoints.values()) for (const file of filesBelow(mountpoint)) files.push(file)
  }
  return files
}

function updated(file: FileItem): number {
  return currentRevision(file)?.updated ?? 0
}
