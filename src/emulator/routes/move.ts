import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { checkNoFile, checkNoFolder } from '../places.ts'
import { invalidArgument, notUnique, Refusal } from '../refusal.ts'
import type { MoveChange } from '../state/changes.ts'
import { findContainer, findFile, isVisible, type TreePath } from '../state/tree.ts'
import type { World } from '../state/world.ts'
import { targetOf } from '../targets.ts'
import { answerBare } from './make-directory.ts'
import { answerFile } from './read.ts'

type Ways = Pick<MoveChange, 'staysTrashed' | 'merge' | 'currentOnly'>

/** `POST …?mv=<target>`: moves or renames a live file (docs/protocol.md §4.14). */
export function moveFile(exchange: Exchange, from: TreePath): Promise<void> {
  const { service } = exchange
  const { store } = service
  const { world } = store
  const to = targetOf(exchange, 'mv')
  const file = findFile(world, from)
  if (file === undefined || !isVisible(file)) {
    throw new Refusal(404, 'NoSuchFileException', `Source file ${jfsPath(world.username, from)} does not exist`)
  }
  const ways = isSame(world, from, to) ? {} : fileWays(exchange, to)
  checkNoFolder(service, to)
  store.commit({ op: 'move', kind: 'file', from, to, at: store.now(), ...ways })
  return answerFile(exchange, file)
}

/** `POST …?mvDir=<target>`: moves or renames a live folder (docs/protocol.md §4.14). */
export function moveFolder(exchange: Exchange, from: TreePath): Promise<void> {
  const { service, request } = exchange
  const { store, dialect } = service
  const { world } = store
  const to = targetOf(exchange, 'mvDir')
  const folder = findContainer(world, from)
  const slashMissing = dialect.moveFolderSlash === 'required' && !/\/(\?|$)/.test(request.url ?? '')
  if (folder?.kind !== 'folder' || folder.deleted !== undefined || slashMissing) {
    const message = `Source directory ${jfsPath(world.username, from)} does not exist`
    throw new Refusal(404, 'NoSuchPathException', message)
  }
  const ways = isSame(world, from, to) ? {} : folderWays(exchange, from, to)
  checkNoFile(service, to)
  store.commit({ op: 'move', kind: 'folder', from, to, at: store.now(), ...ways })
  return answerBare(exchange, to)
}

// What is at the target is replaced, for good, by the change itself.
function fileWays({ service }: Exchange, to: TreePath): Ways {
  const { dialect, store } = service
  const { world } = store
  const there = findFile(world, to)
  const conflict = notUnique(jfsPath(world.username, to), dialect.moveConflictStatus)
  if (there !== undefined && isVisible(there) && dialect.moveOntoLive === 'conflict') throw conflict
  const isTrashed = there?.deleted !== undefined
  if (isTrashed && dialect.moveOntoTrashed === 'fails') throw conflict
  return {
    ...(isTrashed && dialect.moveOntoTrashed === 'stays-trashed' && { staysTrashed: true }),
    ...(dialect.movedRevisions === 'only-current' && { currentOnly: true }),
  }
}

function folderWays({ service }: Exchange, from: TreePath, to: TreePath): Ways {
  const { dialect, store } = service
  const { world } = store
  if (isSame(world, from, to.slice(0, from.length))) throw invalidArgument('A folder cannot be moved into itself')
  const there = findContainer(world, to)
  if (there === undefined) return {}
  const conflict = notUnique(jfsPath(world.username, to), dialect.moveConflictStatus)
  if (there.deleted === undefined) {
    // Replacing a folder by one that lies in it would take the source away.
    if (dialect.moveOntoLive === 'conflict' || isSame(world, to, from.slice(0, to.length))) throw conflict
    return {}
  }
  if (dialect.moveFolderOntoTrashed === 'fails') throw conflict
  return dialect.moveFolderOntoTrashed === 'merges' ? { merge: true } : {}
}

function isSame(world: Readonly<World>, a: TreePath, b: TreePath): boolean {
  return world.fold(a.join('/')) === world.fold(b.join('/'))
}
