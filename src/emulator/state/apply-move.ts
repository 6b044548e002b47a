import type { MoveChange } from './changes.ts'
import { makeContainer } from './containers.ts'
import { detach, findIn, remove } from './detach.ts'
import { flat } from './flat.ts'
import { accounted, keepOnlyRevision, sizeOf } from './revisions.ts'
import {
  currentRevision,
  findContainer,
  findFile,
  mountpointOf,
  type Folder,
  type FileItem,
  type Item,
} from './tree.ts'
import type { World } from './world.ts'

/** Gives a file or folder another parent, another name or both; what is there is replaced. */
export function move(world: World, change: MoveChange): void {
  const item = findIn(world, { kind: change.kind, path: change.from })
  if (item.kind === 'mountpoint') throw new Error('a mountpoint cannot be moved')
  const before = mountpointOf(item)
  detach(world, item)
  const replaced = findOptional(world, change)
  if (replaced !== undefined) replace(world, item, replaced, change)
  item.parent = makeContainer(world, change.to.slice(0, -1), change.at)
  item.name = flat(world.spell(change.to.at(-1) ?? item.name))
  if (item.kind === 'file') item.parent.files.set(world.fold(item.name), item)
  else item.parent.folders.set(world.fold(item.name), item)
  carrySize(item, before, change.at)
  const current = item.kind === 'file' ? currentRevision(item) : undefined
  if (item.kind === 'file' && current !== undefined && change.currentOnly) {
    accounted(item, change.at, () => keepOnlyRevision(world, item, current))
  }
}

function findOptional(world: World, { kind, to }: MoveChange): Item | undefined {
  return kind === 'file' ? findFile(world, to) : findContainer(world, to)
}

function replace(world: World, item: FileItem | Folder, replaced: Item, change: MoveChange): void {
  if (change.staysTrashed) item.deleted = replaced.deleted
  if (change.merge && item.kind === 'folder' && replaced.kind === 'folder') adopt(item, replaced, change.at)
  remove(world, replaced, change)
}

// The trashed content of the replaced folder moves over, but for names that the new one has.
function adopt(folder: Folder, replaced: Folder, at: number): void {
  const before = mountpointOf(replaced)
  for (const [key, file] of replaced.files) {
    if (folder.files.has(key)) continue
    replaced.files.delete(key)
    file.parent = folder
    folder.files.set(key, file)
    carrySize(file, before, at)
  }
  for (const [key, child] of replaced.folders) {
    if (folder.folders.has(key)) continue
    replaced.folders.delete(key)
    child.parent = folder
    folder.folders.set(key, child)
    carrySize(child, before, at)
  }
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
