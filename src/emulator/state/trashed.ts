import { inOrder, walk, type Container, type Devices, type Item } from './tree.ts'

/** The tops of all deleted trees of all devices: what is trashed under a live parent (docs/protocol.md §4.8). */
export function trashedTops(devices: Devices): Item[] {
  return topsWhere(devices, (item) => item.deleted !== undefined)
}

/** What went to the trash at a time, in milliseconds since 1970, or earlier; without what lies in such folders. */
export function expired(devices: Devices, before: number): Item[] {
  return topsWhere(devices, ({ deleted }) => deleted !== undefined && deleted <= before)
}

/** The time of the oldest deletion; undefined if nothing is in the trash. */
export function oldestDeletion(devices: Devices): number | undefined {
  let oldest = Infinity
  for (const item of topsWhere(devices, ({ deleted }) => deleted !== undefined)) {
    oldest = Math.min(oldest, item.deleted ?? Infinity)
    for (const container of item.kind === 'file' ? [] : walk(item)) {
      oldest = Math.min(oldest, container.deleted ?? Infinity)
      for (const file of container.files.values()) oldest = Math.min(oldest, file.deleted ?? Infinity)
    }
  }
  return oldest === Infinity ? undefined : oldest
}

function topsWhere(devices: Devices, wanted: (item: Item) => boolean): Item[] {
  const tops: Item[] = []
  for (const device of devices.values()) {
    for (const mountpoint of device.mountpoints.values()) {
      if (wanted(mountpoint)) tops.push(mountpoint)
      else addBelow(mountpoint, wanted, tops)
    }
  }
  return tops
}

function addBelow(start: Container, wanted: (item: Item) => boolean, tops: Item[]): void {
  for (const container of walk(start, (folder) => !wanted(folder))) {
    for (const folder of inOrder(container.folders)) if (wanted(folder)) tops.push(folder)
    for (const file of inOrder(container.files)) if (wanted(file)) tops.push(file)
  }
}
