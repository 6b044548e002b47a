import type { FileDump, FolderDump, MoveChange, PutChange, TreeChange } from './changes.ts'
import { makeContainer, makeFile, revive } from './containers.ts'
import { foldName } from './fold-name.ts'
import { accounted, addRevision, dropRevision, forgetFile, retain, sizeOf } from './revisions.ts'
import {
  currentRevision,
  findContainer,
  filesBelow,
  findFile,
  mountpointOf,
  newFolder,
  walk,
  type FileItem,
  type Item,
  type TreePath,
} from './tree.ts'
import { trashedTops } from './trashed.ts'
import { contentKey, type World } from './world.ts'

/** Carries out a change of the tree. */
export function applyTreeChange(world: World, change: TreeChange): void {
  switch (change.op) {
    case 'mkdir':
      mountpointOf(makeContainer(world, change.path)).modified = change.at
      return
    case 'put':
      return put(world, change)
    case 'trash':
      return trash(find(world, change), change.at)
    case 'remove':
      return remove(world, find(world, change), change.at)
    case 'move':
      return move(world, change)
    case 'purge':
      for (const item of trashedTops(world.devices)) remove(world, item, change.at)
      return
    case 'share':
      find(world, change).uri = change.uri
      return
    case 'folder':
      return restoreFolder(world, change)
    case 'file':
      return restoreFile(world, change)
  }
}

function find(world: World, at: { readonly kind: 'file' | 'folder'; readonly path: TreePath }): Item {
  const item = at.kind === 'file' ? findFile(world.devices, at.path) : findContainer(world.devices, at.path)
  if (item === undefined) throw new Error(`no ${at.kind} ${at.path.join('/')}`)
  return item
}

function put(world: World, change: PutChange): void {
  const { created, modified, md5, size, at } = change
  const file = makeFile(world, change.path, change.uuid)
  if (!change.copy) revive(file, change.path.at(-1) ?? file.name)
  accounted(file, at, () => {
    const superseded = file.revisions.filter(
      (revision) => revision.state === 'INCOMPLETE' && contentKey(revision) === contentKey(change),
    )
    for (const revision of superseded) dropRevision(world, file, revision)
    const current = currentRevision(file)
    if (current !== undefined && !change.copy && contentKey(current) === contentKey(change)) {
      Object.assign(current, { created, modified, updated: at })
    } else {
      addRevision(world, file, { state: 'COMPLETED', created, modified, md5, size, updated: at })
    }
  })
}

function trash(item: Item, at: number): void {
  mountpointOf(item).modified = at
  if (item.kind === 'file') {
    item.deleted ??= at
    return
  }
  for (const container of walk(item, (folder) => folder.deleted === undefined)) {
    container.deleted ??= at
    for (const file of container.files.values()) file.deleted ??= at
  }
}

function remove(world: World, item: Item, at: number): void {
  const mountpoint = mountpointOf(item)
  mountpoint.modified = at
  mountpoint.size -= sizeOf(item)
  for (const file of item.kind === 'file' ? [item] : filesBelow(item)) forgetFile(world, file)
  detach(item)
}

function detach(item: Item): void {
  const key = foldName(item.name)
  if (item.kind === 'mountpoint') item.device.mountpoints.delete(key)
  else if (item.kind === 'file') item.parent.files.delete(key)
  else item.parent.folders.delete(key)
}

function move(world: World, change: MoveChange): void {
  const item = find(world, { kind: change.kind, path: change.from })
  if (item.kind === 'mountpoint') throw new Error('a mountpoint cannot be moved')
  const before = mountpointOf(item)
  detach(item)
  const replaced = findOptional(world, change)
  if (replaced !== undefined) remove(world, replaced, change.at)
  item.parent = makeContainer(world, change.to.slice(0, -1))
  item.name = change.to.at(-1) ?? item.name
  if (item.kind === 'file') item.parent.files.set(foldName(item.name), item)
  else item.parent.folders.set(foldName(item.name), item)
  carrySize(item, before, change.at)
}

function findOptional(world: World, { kind, to }: MoveChange): Item | undefined {
  return kind === 'file' ? findFile(world.devices, to) : findContainer(world.devices, to)
}

function carrySize(item: Item, before: ReturnType<typeof mountpointOf>, at: number): void {
  const after = mountpointOf(item)
  before.modified = at
  after.modified = at
  if (before === after) return
  const size = sizeOf(item)
  before.size -= size
  after.size += size
}

function restoreFolder(world: World, change: FolderDump): void {
  // Making the container of a whole path would revive what is trashed above it.
  const parent = change.path.length > 2 ? findContainer(world.devices, change.path.slice(0, -1)) : undefined
  const name = change.path.at(-1) ?? ''
  const folder = parent === undefined ? makeContainer(world, change.path) : newFolder(parent, name)
  if (folder.kind === 'folder') folder.parent.folders.set(foldName(name), folder)
  else folder.modified = change.modified
  folder.deleted = change.deleted
  folder.uri = change.uri
}

function restoreFile(world: World, change: FileDump): void {
  const parent = findContainer(world.devices, change.path.slice(0, -1))
  if (parent === undefined) throw new Error(`no folder for ${change.path.join('/')}`)
  const name = change.path.at(-1) ?? ''
  const { uuid, deleted, uri, next } = change
  const file: FileItem = { kind: 'file', name, uuid, parent, deleted, uri, nextNumber: next, revisions: [] }
  parent.files.set(foldName(name), file)
  file.revisions.push(...change.revisions)
  for (const revision of file.revisions) if (revision.state === 'COMPLETED') retain(world, revision)
  mountpointOf(file).size += sizeOf(file)
}
