import { inOrder, walk, type Container, type Devices, type Item } from './tree.ts'

/** The tops of all deleted trees of all devices: what is trashed under a live parent (docs/protocol.md §4.8). */
export function trashedTops(devices: Devices): Item[] {
  const tops: Item[] = []
  for (const device of devices.values()) {
    for (const mountpoint of device.mountpoints.values()) {
      if (mountpoint.deleted === undefined) tops.push(...trashedBelow(mountpoint))
      else tops.push(mountpoint)
    }
  }
  return tops
}

function trashedBelow(start: Container): Item[] {
  const tops: Item[] = []
  for (const container of walk(start, (folder) => folder.deleted === undefined)) {
    const below: Item[] = [...inOrder(container.folders), ...inOrder(container.files)]
    tops.push(...below.filter((item) => item.deleted !== undefined))
  }
  return tops
}
