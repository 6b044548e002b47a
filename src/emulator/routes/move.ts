import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { checkNoFile, checkNoFolder } from '../places.ts'
import { invalidArgument, Refusal } from '../refusal.ts'
import { foldName } from '../state/fold-name.ts'
import { findContainer, findFile, isVisible, type TreePath } from '../state/tree.ts'
import { targetOf } from '../targets.ts'
import { answerBare } from './make-directory.ts'
import { answerFile } from './read.ts'

/** `POST …?mv=<target>`: moves or renames a live file, replacing a trashed one (docs/protocol.md §4.14). */
export function moveFile(exchange: Exchange, from: TreePath): Promise<void> {
  const { store } = exchange.service
  const { world } = store
  const to = targetOf(exchange, 'mv')
  const file = findFile(world.devices, from)
  if (file === undefined || !isVisible(file)) {
    throw new Refusal(404, 'NoSuchFileException', `Source file ${jfsPath(world.username, from)} does not exist`)
  }
  if (!isSame(from, to)) checkNoFile(world, to)
  checkNoFolder(world, to)
  store.commit({ op: 'move', kind: 'file', from, to, at: store.now() })
  return answerFile(exchange, file)
}

/** `POST …?mvDir=<target>`: moves or renames a live folder, replacing a trashed one (docs/protocol.md §4.14). */
export function moveFolder(exchange: Exchange, from: TreePath): Promise<void> {
  const { store } = exchange.service
  const { world } = store
  const to = targetOf(exchange, 'mvDir')
  const folder = findContainer(world.devices, from)
  if (folder?.kind !== 'folder' || folder.deleted !== undefined) {
    const message = `Source directory ${jfsPath(world.username, from)} does not exist`
    throw new Refusal(404, 'NoSuchPathException', message)
  }
  if (!isSame(from, to)) {
    if (isSame(from, to.slice(0, from.length))) throw invalidArgument('A folder cannot be moved into itself')
    checkNoFolder(world, to)
  }
  checkNoFile(world, to)
  store.commit({ op: 'move', kind: 'folder', from, to, at: store.now() })
  return answerBare(exchange, to)
}

function isSame(a: TreePath, b: TreePath): boolean {
  return foldName(a.join('/')) === foldName(b.join('/'))
}
