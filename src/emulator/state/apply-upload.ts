import type { AllocateChange, CompleteChange, UploadChange, UploadDump } from './changes.ts'
import { makeContainer, makeFile, revive } from './containers.ts'
import { flat } from './flat.ts'
import { accounted, addRevision, completeRevision, keepOnlyRevision } from './revisions.ts'
import { findFile, pathOf, type Revision } from './tree.ts'
import { contentKey, type World } from './world.ts'

/** Carries out a change of contents or uploads. */
export function applyUploadChange(world: World, change: UploadChange): void {
  switch (change.op) {
    case 'generated':
      return world.blobs.generate(contentKey(change), change.size)
    case 'allocate':
      return allocate(world, change)
    case 'retime':
      Object.assign(world.uploads.get(change.id)?.revision ?? {}, {
        created: change.created,
        modified: change.modified,
      })
      return
    case 'complete':
      return complete(world, change)
    case 'corrupt':
      return corrupt(world, change.id, change.at)
    case 'upload':
      return restoreUpload(world, change)
  }
}

function allocate(world: World, change: AllocateChange): void {
  const { id, created, modified, size, at, requested } = change
  const md5 = flat(change.md5)
  const file = makeFile(world, change.path, change)
  const newest = file.revisions[0]
  const retry = newest?.state === 'CORRUPT' && contentKey(newest) === contentKey(change)
  const declared = { state: 'INCOMPLETE', created, modified, md5, size, updated: at, upload: id } as const
  const revision = addRevision(world, file, declared)
  world.uploads.set(id, { id, file, revision, requested, retry })
}

// Sealing is repeatable: a process may end after this change was written and before the part was put in its place.
function complete(world: World, { id, at, uuid }: CompleteChange): void {
  const upload = world.uploads.get(id)
  if (upload === undefined) return
  const { file, revision } = upload
  world.uploads.delete(id)
  world.blobs.seal(id, contentKey(revision))
  makeContainer(world, pathOf(file.parent), at)
  const anew = file.deleted !== undefined && uuid !== undefined
  revive(world, file, upload.requested.split('/').at(-1) ?? file.name)
  revision.updated = at
  accounted(file, at, () => {
    completeRevision(world, file, revision)
    if (!anew) return
    keepOnlyRevision(world, file, revision)
    Object.assign(file, { uuid, nextNumber: 2 })
    revision.number = 1
  })
}

function corrupt(world: World, id: string, at: number): void {
  const revision = world.uploads.get(id)?.revision
  world.uploads.delete(id)
  world.blobs.discard(id)
  if (revision === undefined) return
  revision.state = 'CORRUPT'
  revision.upload = undefined
  revision.updated = at
}

function restoreUpload(world: World, change: UploadDump): void {
  const file = findFile(world, change.path)
  const revision = file?.revisions.find((candidate: Revision) => candidate.number === change.number)
  if (file === undefined || revision === undefined) return
  revision.upload = change.id
  world.uploads.set(change.id, { id: change.id, file, revision, requested: change.requested, retry: change.retry })
}
