import type { IncomingMessage } from 'node:http'
import { jfsPath } from './documents/file-element.ts'
import { checkNewNames } from './names.ts'
import { invalidArgument, noSuchPath, notUnique, Refusal } from './refusal.ts'
import type { Service } from './exchange.ts'
import { foldName } from './state/fold-name.ts'
import { currentRevision, findContainer, findFile, isVisible, type FileItem, type TreePath } from './state/tree.ts'
import type { World } from './state/world.ts'

const VIEWS = new Set(['latest', 'shared', 'links', 'trash'])

/** Splits the path of a URL below a prefix into decoded names: `+` is a space, `;` is nothing special (§5.1). */
export function decodePath(encoded: string): string[] {
  try {
    return splitPath(decodeURIComponent(encoded.replaceAll('+', ' ')))
  } catch {
    throw invalidArgument('The path is not percent-encoded UTF-8')
  }
}

/** Splits a decoded path into its names; repeated slashes count once. */
export function splitPath(path: string): string[] {
  return path.split('/').filter((name) => name !== '')
}

/** The name, folded, of the view of the built-in device that a path means (docs/protocol.md §4.8). */
export function viewOf(path: TreePath): string | undefined {
  const name = foldName(path[1] ?? '')
  return foldName(path[0] ?? '') === 'jotta' && VIEWS.has(name) ? name : undefined
}

/** Refuses paths of another user (docs/protocol.md §2.4). */
export function checkUser(world: Readonly<World>, user: string): void {
  if (foldName(user) === foldName(world.username)) return
  if (user.includes('@')) throw new Refusal(400, 'UsernameNotFoundException', 'Username not found in url!')
  throw new Refusal(401, 'AuthenticationCredentialsNotFoundException', 'Token mismatch!')
}

/**
 * Refuses to make a container or file at a path where that cannot be: on a missing device, in a view, under a name
 * that cannot be stored, or below a live file. Whether a name that is there already may be one that cannot be stored
 * is a matter of the dialect.
 */
export function checkNewPlace(service: Place, path: TreePath): void {
  const { dialect } = service
  checkWay(service, path)
  const known = dialect.namesOfOthers === 'taken' ? namesThere(service, path) : 0
  checkNewNames(path.slice(Math.max(1, known)), dialect)
}

/** Refuses to put anything on a missing device, in a view, or below a live file. */
export function checkWay(service: Place, path: TreePath): void {
  const { world } = service.store
  if (!world.devices.has(world.fold(path[0] ?? ''))) throw noSuchPath(jfsPath(world.username, path))
  if (viewOf(path) !== undefined) throw invalidArgument(`${path[1]} cannot be written to`)
  let here = findContainer(world, path.slice(0, 2))
  for (let depth = 2; here !== undefined && depth < path.length - 1; depth++) {
    const key = world.fold(path[depth] ?? '')
    const file = here.files.get(key)
    if (file !== undefined && isInTheWay(service, file))
      throw notUnique(jfsPath(world.username, path.slice(0, depth + 1)))
    here = here.folders.get(key)
  }
}

/** How many names of a path are those of something that is there, in the trash or not. */
function namesThere({ store }: Place, path: TreePath): number {
  const { world } = store
  const missing = path.findIndex((_, at) => at > 1 && findContainer(world, path.slice(0, at + 1)) === undefined)
  if (missing === -1) return path.length
  return missing === path.length - 1 && findFile(world, path) !== undefined ? path.length : missing
}

/** Refuses to make a folder where a file is; a trashed file is in the way of nothing (§4.16), if the dialect is so. */
export function checkNoFile(service: Place, path: TreePath): void {
  const { world } = service.store
  const file = findFile(world, path)
  if (file !== undefined && isInTheWay(service, file)) throw notUnique(jfsPath(world.username, path))
}

/** Refuses to make a file where a folder is; a trashed folder is in the way of nothing (§4.16), if the dialect is so. */
export function checkNoFolder({ store, dialect }: Place, path: TreePath): void {
  const { world } = store
  const folder = findContainer(world, path)
  if (folder === undefined) return
  if (folder.deleted === undefined || dialect.trashedInTheWay === 'conflict') {
    throw notUnique(jfsPath(world.username, path))
  }
}

type Place = Pick<Service, 'store' | 'dialect'>

function isInTheWay({ dialect }: Place, file: FileItem): boolean {
  if (isVisible(file)) return true
  return dialect.trashedInTheWay === 'conflict' && currentRevision(file) !== undefined
}

/** The first position in the `Range` header of an upload; the last one is not enforced (docs/protocol.md §3.3). */
export function uploadStart(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
}
