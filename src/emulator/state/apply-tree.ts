import { move } from './apply-move.ts'
import type { FileDump, FolderDump, PutChange, TreeChange } from './changes.ts'
import { keyFor, makeContainer, makeFile, numberKey, revive } from './containers.ts'
import { detach, findIn, remove } from './detach.ts'
import { flat } from './flat.ts'
import { accounted, addRevision, dropRevision, forgetFile, retain, sizeOf } from './revisions.ts'
import {
  currentRevision,
  findContainer,
  findFile,
  mountpointOf,
  newFile,
  newFolder,
  walk,
  type FileItem,
  type Item,
  type Revision,
} from './tree.ts'
import { expired, trashedTops } from './trashed.ts'
import { contentKey, type World } from './world.ts'

/** Carries out a change of the tree. */
export function applyTreeChange(world: World, change: TreeChange): void {
  switch (change.op) {
    case 'mkdir':
      mountpointOf(makeContainer(world, change.path, change.at)).modified = change.at
      return
    case 'put':
      return put(world, change)
    case 'trash':
      return trash(findIn(world, change), change.at)
    case 'remove':
      return remove(world, findIn(world, change), change)
    case 'move':
      return move(world, change)
    case 'purge': {
      const { before } = change
      const items = before === undefined ? trashedTops(world.devices) : expired(world.devices, before)
      for (const item of items) remove(world, item, change)
      return
    }
    case 'share':
      findIn(world, change).uri = change.uri
      return
    case 'folder':
      return restoreFolder(world, change)
    case 'file':
      return restoreFile(world, change)
    case 'number':
      world.numbers.set(numberKey(world, change.path), { path: change.path, next: change.next })
  }
}

function put(world: World, change: PutChange): void {
  const { created, modified, size, at } = change
  if (change.anew) dropTrashed(world, change)
  const file = makeFile(world, change.path, change)
  if (!change.staysTrashed) revive(world, file, change.path.at(-1) ?? file.name)
  accounted(file, at, () => {
    const superseded = file.revisions.filter(
      (revision) => revision.state === 'INCOMPLETE' && contentKey(revision) === contentKey(change),
    )
    for (const revision of superseded) dropRevision(world, file, revision)
    const current = currentRevision(file)
    if (current !== undefined && !change.revision && contentKey(current) === contentKey(change)) {
      Object.assign(current, { created, modified, updated: at })
    } else {
      const md5 = flat(change.md5)
      addRevision(world, file, { state: 'COMPLETED', created, modified, md5, size, updated: at, upload: undefined })
    }
  })
}

// The content that the change is about may be held by this very file: it is kept until the change is done.
function dropTrashed(world: World, change: PutChange): void {
  const file = findFile(world, change.path)
  if (file?.deleted === undefined) return
  mountpointOf(file).size -= sizeOf(file)
  detach(world, file)
  const key = contentKey(change)
  world.contents.set(key, (world.contents.get(key) ?? 0) + 1)
  forgetFile(world, file)
  world.contents.set(key, (world.contents.get(key) ?? 1) - 1)
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

function restoreFolder(world: World, change: FolderDump): void {
  // Making the container of a whole path would revive what is trashed above it.
  const parent = change.path.length > 2 ? findContainer(world, change.path.slice(0, -1)) : undefined
  const name = change.path.at(-1) ?? ''
  const folder = parent === undefined ? makeContainer(world, change.path) : newFolder(parent, name)
  if (folder.kind === 'folder') folder.parent.folders.set(world.fold(name), folder)
  folder.modified = change.modified
  folder.deleted = change.deleted
  folder.uri = change.uri
}

function restoreFile(world: World, change: FileDump): void {
  const parent = findContainer(world, change.path.slice(0, -1))
  if (parent === undefined) throw new Error(`no folder for ${change.path.join('/')}`)
  const name = change.path.at(-1) ?? ''
  const file: FileItem = newFile(parent, name, change.uuid)
  file.deleted = change.deleted
  file.uri = change.uri
  file.nextNumber = change.next
  file.revisions = change.revisions.map(revisionLike)
  parent.files.set(keyFor(name, world), file)
  for (const revision of file.revisions) if (revision.state === 'COMPLETED') retain(world, revision)
  mountpointOf(file).size += sizeOf(file)
}

// Objects that get their fields in one order share their description; a million others would each have one.
function revisionLike({ number, state, created, modified, md5, size, updated, upload }: Revision): Revision {
  return { number, state, created, modified, md5, size, updated, upload }
}
