import { flat } from './flat.ts'
import {
  newFile,
  newFolder,
  newMountpoint,
  type Container,
  type Device,
  type FileItem,
  type Folder,
  type TreePath,
} from './tree.ts'
import type { World } from './world.ts'

/**
 * Makes the container at a path with all that is missing above it, and makes trashed ones on the way live again.
 * A live one keeps its stored spelling, a trashed one takes the new one (docs/protocol.md §4.16). The device must exist.
 */
export function makeContainer(world: World, path: TreePath, at?: number): Container {
  const [deviceName = '', mountpointName = '', ...names] = path
  const device = world.devices.get(world.fold(deviceName))
  if (device === undefined) throw new Error(`no device ${deviceName}`)
  let here: Container = makeMountpoint(world, device, mountpointName)
  for (const name of names) here = makeFolder(world, here, name, at)
  return here
}

/** Finds or makes the file of a path and makes its parents live. An existing file is left as it is. */
export function makeFile(world: World, path: TreePath, { uuid, at }: { uuid: string; at?: number }): FileItem {
  const parent = makeContainer(world, path.slice(0, -1), at)
  const name = path.at(-1) ?? ''
  const key = world.fold(name)
  const existing = parent.files.get(key)
  if (existing !== undefined) return existing
  const file = newFile(parent, flat(world.spell(name)), flat(uuid))
  file.nextNumber = rememberedNumber(world, path)
  parent.files.set(keyFor(file.name, world), file)
  return file
}

/** Makes a trashed item live again, in the spelling given; nothing happens to a live one. */
export function revive(world: World, item: Container | FileItem, name: string): void {
  if (item.deleted === undefined) return
  item.deleted = undefined
  if (world.naming.trashedSpelling === 'new') item.name = flat(world.spell(name))
}

/** The folded path under which the number of a removed file is remembered. */
export function numberKey(world: World, path: TreePath): string {
  return path.map((name) => world.fold(name)).join('/')
}

/** The key of a name. For most it is the name itself, which then is kept only once. */
export function keyFor(name: string, world: World): string {
  const key = world.fold(name)
  return key === name ? name : key
}

function rememberedNumber(world: World, path: TreePath): number {
  if (world.numbers.size === 0) return 1
  const key = numberKey(world, path)
  const next = world.numbers.get(key)?.next ?? 1
  world.numbers.delete(key)
  return next
}

function makeMountpoint(world: World, device: Device, name: string): Container {
  const key = world.fold(name)
  const mountpoint = device.mountpoints.get(key) ?? newMountpoint(device, world.spell(name))
  revive(world, mountpoint, name)
  device.mountpoints.set(key, mountpoint)
  return mountpoint
}

function makeFolder(world: World, parent: Container, name: string, at: number | undefined): Folder {
  const key = world.fold(name)
  const existing = parent.folders.get(key)
  if (existing !== undefined) {
    revive(world, existing, name)
    return existing
  }
  const folder = newFolder(parent, flat(world.spell(name)), at)
  parent.folders.set(keyFor(folder.name, world), folder)
  return folder
}
