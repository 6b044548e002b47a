import { currentRevision, filesBelow, mountpointOf, type FileItem, type Item, type Revision } from './tree.ts'
import { contentKey, type World } from './world.ts'

// docs/protocol.md §4.16: the current one and four older ones.
const KEPT_REVISIONS = 5

/** Adds a revision on top, numbers it, and drops the oldest of too many, but never the current one. */
export function addRevision(world: World, file: FileItem, revision: Omit<Revision, 'number'>): Revision {
  const added = { number: file.nextNumber++, ...revision }
  file.revisions = [added, ...file.revisions]
  if (added.state === 'COMPLETED') retain(world, added)
  const current = currentRevision(file)
  for (let i = file.revisions.length - 1; i > 0 && file.revisions.length > KEPT_REVISIONS; i--) {
    const old = file.revisions[i]
    if (old !== undefined && old !== current) dropRevision(world, file, old)
  }
  return added
}

/** Takes one revision away, with its content or its unfinished upload. */
export function dropRevision(world: World, file: FileItem, revision: Revision): void {
  file.revisions.splice(file.revisions.indexOf(revision), 1)
  forget(world, revision)
}

/** Takes all revisions but one away. */
export function keepOnlyRevision(world: World, file: FileItem, kept: Revision): void {
  for (const revision of file.revisions) if (revision !== kept) forget(world, revision)
  file.revisions = [kept]
}

/** Turns an INCOMPLETE revision into a COMPLETED one; the last completed one wins, hence the new number if needed. */
export function completeRevision(world: World, file: FileItem, revision: Revision): void {
  const newer = currentRevision(file)
  revision.state = 'COMPLETED'
  revision.upload = undefined
  retain(world, revision)
  if (newer === undefined || newer.number < revision.number) return
  file.revisions.splice(file.revisions.indexOf(revision), 1)
  file.revisions.unshift(revision)
  revision.number = file.nextNumber++
}

/** Lets go of the contents and uploads of a file that is removed for good. */
export function forgetFile(world: World, file: FileItem): void {
  for (const revision of file.revisions) forget(world, revision)
}

/** Counts a completed revision as a holder of its content. */
export function retain(world: World, revision: Revision): void {
  const key = contentKey(revision)
  world.contents.set(key, (world.contents.get(key) ?? 0) + 1)
}

/** Runs a change of one file's revisions and keeps the size of its mountpoint right. */
export function accounted(file: FileItem, at: number, change: () => void): void {
  const before = sizeOf(file)
  change()
  const mountpoint = mountpointOf(file)
  mountpoint.size += sizeOf(file) - before
  mountpoint.modified = at
}

/** Bytes that an item takes of the quota: the current revisions of its files, trashed or not. */
export function sizeOf(item: Item): number {
  if (item.kind === 'file') return currentRevision(item)?.size ?? 0
  let size = 0
  for (const file of filesBelow(item)) size += sizeOf(file)
  return size
}

function forget(world: World, revision: Revision): void {
  if (revision.upload !== undefined) {
    world.uploads.delete(revision.upload)
    world.blobs.discard(revision.upload)
  }
  if (revision.state === 'COMPLETED') release(world, contentKey(revision))
}

function release(world: World, key: string): void {
  const holders = (world.contents.get(key) ?? 0) - 1
  if (holders > 0) {
    world.contents.set(key, holders)
    return
  }
  world.contents.delete(key)
  if (!world.replaying) world.blobs.remove(key)
}
