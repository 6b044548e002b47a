import { jfsDate } from '../documents/dates.ts'
import { jfsPath } from '../documents/file-element.ts'
import { mimeOf } from '../documents/mime.ts'
import type { Change, MoveChange } from '../state/changes.ts'
import {
  currentRevision,
  findContainer,
  findFile,
  pathOf,
  type FileItem,
  type Item,
  type TreePath,
} from '../state/tree.ts'
import { expired, trashedTops } from '../state/trashed.ts'
import type { World } from '../state/world.ts'

/** What an event of the stream says beside its time and id (docs/protocol.md §3.7). */
export interface Happening {
  readonly ST: string
  readonly D: Readonly<Record<string, string>>
}

/**
 * What a change is in the stream of events. Called before the change, since what goes away is there only then; the
 * function that it gives is called afterwards and tells the events.
 */
export function eventsOf(world: Readonly<World>, change: Change): () => readonly Happening[] {
  const { op } = change
  if (op === 'put') return stored(world, change.path, !change.staysTrashed)
  if (op === 'complete') {
    const file = world.uploads.get(change.id)?.file
    return file === undefined ? nothing : stored(world, pathOf(file), true)
  }
  if (op === 'mkdir') return made(world, change.path)
  if (op === 'move') return moved(world, change)
  if (op === 'trash') return gone(world, itemAt(world, change), ['DELETE', 'DELETE_DIR'])
  if (op === 'remove') return gone(world, itemAt(world, change), HARD)
  if (op === 'purge') {
    const { before } = change
    const items = before === undefined ? trashedTops(world.devices) : expired(world.devices, before)
    const all = items.map((item) => gone(world, item, HARD))
    return () => all.flatMap((events) => events())
  }
  if (op === 'share' && change.kind === 'file') {
    return () => about(world, findFile(world, change.path), change.uri === undefined ? 'UNSHARE_FILE' : 'SHARE_FILE')
  }
  if (op === 'removeDevice') return device(world, change.name, 'DELETE_DEVICE')
  if (op === 'device' && !world.devices.has(world.fold(change.name))) return device(world, change.name, 'CREATE_DEVICE')
  return nothing
}

const HARD = ['HARD_DELETE_FILE', 'HARD_DELETE_DIR'] as const

function nothing(): readonly Happening[] {
  return []
}

function stored(world: Readonly<World>, path: TreePath, revives: boolean): () => readonly Happening[] {
  const isRestored = revives && findFile(world, path)?.deleted !== undefined
  return () => about(world, findFile(world, path), isRestored ? 'RESTORE' : 'NEW_UPLOAD')
}

function made(world: Readonly<World>, path: TreePath): () => readonly Happening[] {
  const before = findContainer(world, path)
  if (before !== undefined && before.deleted === undefined) return nothing
  const ST = before?.kind === 'mountpoint' ? 'RESTORE_MP' : 'CREATE_DIR'
  return () => about(world, findContainer(world, path), ST)
}

function gone(
  world: Readonly<World>,
  item: Item | undefined,
  [ofFile, ofFolder]: readonly [string, string],
): () => readonly Happening[] {
  const ST = item?.kind === 'mountpoint' ? 'DELETE_MP' : item?.kind === 'file' ? ofFile : ofFolder
  const events = about(world, item, ST)
  return () => events
}

function moved(world: Readonly<World>, change: MoveChange): () => readonly Happening[] {
  const item = itemAt(world, { kind: change.kind, path: change.from })
  const FROM = item === undefined ? '' : jfsPath(world.username, pathOf(item))
  const ST = change.kind === 'file' ? 'MOVE' : 'MOVE_DIR'
  return () => about(world, item, ST).map(({ D }) => ({ ST, D: { ...D, FROM, TO: D['FROM'] ?? '' } }))
}

function device(world: Readonly<World>, name: string, ST: string): () => readonly Happening[] {
  return () => [{ ST, D: { FROM: jfsPath(world.username, [name]), actorDevice: ACTOR } }]
}

function itemAt(
  world: Readonly<World>,
  at: { readonly kind: 'file' | 'folder'; readonly path: TreePath },
): Item | undefined {
  return at.kind === 'file' ? findFile(world, at.path) : findContainer(world, at.path)
}

const ACTOR = 'WEBAPP'

function about(world: Readonly<World>, item: Item | undefined, ST: string): readonly Happening[] {
  if (item === undefined) return []
  const FROM = jfsPath(world.username, pathOf(item))
  const details = item.kind === 'file' ? fileDetails(item) : {}
  return [{ ST, D: { FROM, actorDevice: ACTOR, ...details } }]
}

function fileDetails(file: FileItem): Record<string, string> {
  const revision = currentRevision(file)
  const common = {
    uuid: file.uuid,
    fileuuid: file.uuid,
    mimeType: mimeOf(file.name).toUpperCase().replaceAll(/\W/g, '_'),
  }
  if (revision === undefined) return common
  const { created, modified, updated, md5, number, size } = revision
  const times = { created: jfsDate(created), modified: jfsDate(modified), updated: jfsDate(updated) }
  return { ...common, ...times, md5, revision: String(number), size: String(size) }
}
