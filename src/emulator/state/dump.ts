import type { Change } from './changes.ts'
import { FORMAT } from './journal-error.ts'
import { pathOf, walk, type Container, type FileItem, type Mountpoint } from './tree.ts'
import type { World } from './world.ts'

/** The changes that lead from nothing to the present state: a snapshot in the language of the journal. */
export function* dump(world: World): Generator<Change> {
  yield { op: 'format', version: FORMAT }
  yield { op: 'account', username: world.username, secret: world.secret }
  yield { op: 'port', port: world.port }
  yield { op: 'settings', settings: world.settings }
  yield { op: 'naming', naming: world.naming }
  for (const secret of world.logins) yield { op: 'login', secret }
  for (const [id, { client, generation }] of world.families) yield { op: 'family', id, client, generation }
  for (const [key, size] of world.blobs.generated) yield { op: 'generated', md5: key.slice(0, key.indexOf('-')), size }
  for (const { name, type, sid, mountpoints } of world.devices.values()) {
    yield { op: 'device', name, type, sid }
    for (const mountpoint of mountpoints.values()) yield* dumpMountpoint(mountpoint)
  }
  for (const { path, next } of world.numbers.values()) yield { op: 'number', path, next }
  for (const { id, file, revision, requested, retry } of world.uploads.values()) {
    yield { op: 'upload', id, path: pathOf(file), number: revision.number, requested, retry }
  }
}

function* dumpMountpoint(mountpoint: Mountpoint): Generator<Change> {
  for (const container of walk(mountpoint)) {
    yield dumpContainer(container)
    const path = pathOf(container)
    for (const file of container.files.values()) yield dumpFile(file, path)
  }
}

function dumpContainer(container: Container): Change {
  const { deleted, uri, modified } = container
  return { op: 'folder', path: pathOf(container), deleted, uri, modified }
}

function dumpFile(file: FileItem, parent: readonly string[]): Change {
  const { uuid, deleted, uri, revisions, nextNumber } = file
  return { op: 'file', path: [...parent, file.name], uuid, next: nextNumber, revisions, deleted, uri }
}
