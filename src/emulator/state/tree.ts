/** A place in the tree: device, mountpoint and the names below it, as sent or as stored. */
export type TreePath = readonly string[]

/** One stored version of a file; times in milliseconds since 1970 (docs/protocol.md §4.7). */
export interface Revision {
  number: number
  state: 'COMPLETED' | 'INCOMPLETE' | 'CORRUPT'
  created: number
  modified: number
  /** As the uploader spelled it. */
  readonly md5: string
  /** The size that was declared; documents show it for COMPLETED only. */
  readonly size: number
  updated: number
  /** The upload that fills an INCOMPLETE revision. */
  upload?: string | undefined
}

/** A file with its revisions, newest first. */
export interface FileItem {
  readonly kind: 'file'
  name: string
  uuid: string
  parent: Container
  deleted: number | undefined
  uri: string | undefined
  nextNumber: number
  revisions: Revision[]
}

interface Holder {
  name: string
  /** When it went to the trash, in milliseconds; undefined means live. */
  deleted: number | undefined
  /** The id of its public link. */
  uri: string | undefined
  /** Of a mountpoint, when anything below it changed last; of a folder, when it was made. */
  modified: number | undefined
  /** By folded name. Files and folders do not stand in each other's way once trashed, hence two maps. */
  readonly folders: Map<string, Folder>
  readonly files: Map<string, FileItem>
}

/** A folder below a mountpoint. */
export interface Folder extends Holder {
  readonly kind: 'folder'
  parent: Container
}

/** The top container of a device, with the sum of the sizes below it. */
export interface Mountpoint extends Holder {
  readonly kind: 'mountpoint'
  readonly device: Device
  size: number
}

/** What can hold files and folders. */
export type Container = Folder | Mountpoint

/** Anything below a device. */
export type Item = Container | FileItem

/** A device with its mountpoints by folded name. */
export interface Device {
  readonly name: string
  type: string
  readonly sid: string
  readonly mountpoints: Map<string, Mountpoint>
}

/** Devices by folded name. */
export type Devices = Map<string, Device>

/** Devices with the rule by which names are looked up. */
export interface Forest {
  readonly devices: Devices
  readonly fold: (name: string) => string
}

/** Makes an empty mountpoint, not yet attached to its device. */
export function newMountpoint(device: Device, name: string): Mountpoint {
  return {
    kind: 'mountpoint',
    name,
    device,
    deleted: undefined,
    uri: undefined,
    folders: new Map(),
    files: new Map(),
    size: 0,
    modified: undefined,
  }
}

/** Makes an empty folder, not yet attached to its parent. */
export function newFolder(parent: Container, name: string, modified?: number): Folder {
  const holds = { folders: new Map(), files: new Map() }
  return { kind: 'folder', name, parent, deleted: undefined, uri: undefined, modified, ...holds }
}

/** Makes a file without revisions, not yet attached to its parent. */
export function newFile(parent: Container, name: string, uuid: string): FileItem {
  return { kind: 'file', name, uuid, parent, deleted: undefined, uri: undefined, nextNumber: 1, revisions: [] }
}

/** Finds the mountpoint or folder at a path, trashed ones included. */
export function findContainer({ devices, fold }: Forest, path: TreePath): Container | undefined {
  const mountpoint = devices.get(fold(path[0] ?? ''))?.mountpoints.get(fold(path[1] ?? ''))
  let here: Container | undefined = mountpoint
  for (let depth = 2; here !== undefined && depth < path.length; depth++) {
    here = here.folders.get(fold(path[depth] ?? ''))
  }
  return here
}

/** Finds the file at a path, trashed ones included. */
export function findFile(forest: Forest, path: TreePath): FileItem | undefined {
  if (path.length < 3) return undefined
  return findContainer(forest, path.slice(0, -1))?.files.get(forest.fold(path.at(-1) ?? ''))
}

/** Finds what a path means: a live item before a trashed one, and of two trashed ones the later deleted. */
export function findItem(forest: Forest, path: TreePath): Item | undefined {
  const file = findFile(forest, path)
  const container = findContainer(forest, path)
  if (file === undefined || container === undefined) return file ?? container
  const fileDeleted = file.deleted ?? (currentRevision(file) === undefined ? 0 : Infinity)
  return fileDeleted > (container.deleted ?? Infinity) ? file : container
}

/** The newest completed revision, which is what readers get (docs/protocol.md §4.7). */
export function currentRevision(file: FileItem): Revision | undefined {
  for (const revision of file.revisions) if (revision.state === 'COMPLETED') return revision
  return undefined
}

/** True for a file that is neither trashed nor without a completed revision. */
export function isVisible(file: FileItem): boolean {
  return file.deleted === undefined && currentRevision(file) !== undefined
}

/** The mountpoint that an item belongs to. */
export function mountpointOf(item: Item): Mountpoint {
  let here: Item = item
  while (here.kind !== 'mountpoint') here = here.parent
  return here
}

/** The path of an item in its stored spelling. */
export function pathOf(item: Item): string[] {
  const names: string[] = []
  let here: Item = item
  while (here.kind !== 'mountpoint') {
    names.push(here.name)
    here = here.parent
  }
  names.push(here.name, here.device.name)
  return names.reverse()
}

/** Walks over a container and all folders below it, parents first and names in order; `enter` may leave subtrees out. */
export function* walk(
  start: Container,
  enter: (folder: Folder) => boolean = () => true,
  order: <T>(items: ReadonlyMap<string, T>) => T[] = inOrder,
): Generator<Container> {
  const waiting: Container[] = [start]
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    yield here
    const below = order(here.folders).filter(enter)
    for (let i = below.length - 1; i >= 0; i--) {
      const folder = below[i]
      if (folder !== undefined) waiting.push(folder)
    }
  }
}

/** All files in a container and below it, trashed ones included. */
export function* filesBelow(start: Container): Generator<FileItem> {
  for (const container of walk(start)) yield* container.files.values()
}

/** The entries of a map of items, ordered by folded name. */
export function inOrder<T>(items: ReadonlyMap<string, T>): T[] {
  return [...items].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item)
}
