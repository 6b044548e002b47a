import { numberKey } from './containers.ts'
import { forgetFile, sizeOf } from './revisions.ts'
import { filesBelow, findContainer, findFile, mountpointOf, pathOf, type Item, type TreePath } from './tree.ts'
import type { World } from './world.ts'

/** Finds what a change is about; it must be there. */
export function findIn(world: World, at: { readonly kind: 'file' | 'folder'; readonly path: TreePath }): Item {
  const item = at.kind === 'file' ? findFile(world, at.path) : findContainer(world, at.path)
  if (item === undefined) throw new Error(`no ${at.kind} ${at.path.join('/')}`)
  return item
}

/** Takes an item out of its parent. */
export function detach(world: World, item: Item): void {
  const key = world.fold(item.name)
  if (item.kind === 'mountpoint') item.device.mountpoints.delete(key)
  else if (item.kind === 'file') item.parent.files.delete(key)
  else item.parent.folders.delete(key)
}

/** Removes an item with all below it for good; `remember`: its files go on with their numbers if they come back. */
export function remove(world: World, item: Item, { at, remember }: { at: number; remember?: true }): void {
  const mountpoint = mountpointOf(item)
  mountpoint.modified = at
  mountpoint.size -= sizeOf(item)
  for (const file of item.kind === 'file' ? [item] : filesBelow(item)) {
    forgetFile(world, file)
    if (!remember) continue
    const path = pathOf(file)
    world.numbers.set(numberKey(world, path), { path, next: file.nextNumber })
  }
  detach(world, item)
}
