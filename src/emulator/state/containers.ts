import { foldName } from './fold-name.ts'
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
export function makeContainer(world: World, path: TreePath): Container {
  const [deviceName = '', mountpointName = '', ...names] = path
  const device = world.devices.get(foldName(deviceName))
  if (device === undefined) throw new Error(`no device ${deviceName}`)
  let here: Container = makeMountpoint(device, mountpointName)
  for (const name of names) here = makeFolder(here, name)
  return here
}

/** Finds or makes the file of a path and makes its parents live. An existing file is left as it is. */
export function makeFile(world: World, path: TreePath, uuid: string): FileItem {
  const parent = makeContainer(world, path.slice(0, -1))
  const name = path.at(-1) ?? ''
  const key = foldName(name)
  const file = parent.files.get(key) ?? newFile(parent, name, uuid)
  parent.files.set(key, file)
  return file
}

/** Makes a trashed item live again, in the spelling given; nothing happens to a live one. */
export function revive(item: Container | FileItem, name: string): void {
  if (item.deleted === undefined) return
  item.deleted = undefined
  item.name = name
}

function makeMountpoint(device: Device, name: string): Container {
  const key = foldName(name)
  const mountpoint = device.mountpoints.get(key) ?? newMountpoint(device, name)
  revive(mountpoint, name)
  device.mountpoints.set(key, mountpoint)
  return mountpoint
}

function makeFolder(parent: Container, name: string): Folder {
  const key = foldName(name)
  const folder = parent.folders.get(key) ?? newFolder(parent, name)
  revive(folder, name)
  parent.folders.set(key, folder)
  return folder
}
