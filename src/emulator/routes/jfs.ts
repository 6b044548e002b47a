import type { Operation } from '../operations.ts'
import { jfsPath } from '../documents/file-element.ts'
import type { Exchange, Route, Target } from '../exchange.ts'
import { checkLocks, type Access } from '../locks.ts'
import { checkPercent } from '../names.ts'
import { checkUser, decodePath, viewOf } from '../places.ts'
import { noSuchFile } from '../refusal.ts'
import type { Store } from '../state/store.ts'
import { findItem, type TreePath } from '../state/tree.ts'
import { copyFile, setContent } from './copy.ts'
import { createDevice, createMountpoint } from './create.ts'
import { directUpload } from './direct-upload.ts'
import { download } from './download.ts'
import { makeDirectory } from './make-directory.ts'
import { moveFile, moveFolder } from './move.ts'
import { multipartUpload } from './multipart-upload.ts'
import { readDevice, readItem, readUser } from './read.ts'
import { readList, readListstream } from './read-recursive.ts'
import { readView } from './read-view.ts'
import { removeAny, removeFolder } from './remove.ts'
import { disableShare, enableShare } from './share.ts'
import { thumbnail } from './thumbnail.ts'
import { trashFile, trashFolder } from './trash.ts'
import { unknownCommand } from './unknown-command.ts'

/** Answers a JFS request about a path: device, mountpoint and names, each as sent. */
export type JfsHandler = (exchange: Exchange, path: TreePath) => Promise<void>

type Named = readonly [operation: Operation, access: Access | undefined, handler: JfsHandler]

const MODES = new Map<string, Named>([
  ['bin', ['download', 'read', download]],
  ['list', ['list', 'read', readList]],
  ['liststream', ['liststream', 'read', readListstream]],
  ['thumb', ['thumb', 'read', thumbnail]],
  ['enableShare', ['enableShare', 'write', enableShare]],
  ['disableShare', ['disableShare', 'write', disableShare]],
])

const COMMANDS: readonly Named[] = [
  ['mkDir', 'write', makeDirectory],
  ['dl', 'delete', trashFile],
  ['dlDir', 'delete', trashFolder],
  ['rm', 'delete', removeAny],
  ['rmDir', 'delete', removeFolder],
  ['mv', 'write', moveFile],
  ['mvDir', 'write', moveFolder],
  ['cp', 'write', copyFile],
  ['cphash', 'write', setContent],
  ['umode', 'write', directUpload],
]

/** The route of a request below `/jfs/`, of whose path the rest is given (docs/protocol.md §4). */
export function jfsRoute(target: Target, store: Store): Route {
  const { method, contentType } = target
  const [user = '', ...path] = decodePath(target.path)
  const [operation, access, handler] = method === 'POST' ? commandOf(path, target) : readerOf(path, target.query, store)
  const run = (exchange: Exchange): Promise<void> => {
    const { service } = exchange
    checkPercent(path)
    service.authorise(exchange.request)
    checkUser(store.world, user)
    if (access !== undefined) checkLocks(service, access)
    // One source saw commands ignored under this type (docs/protocol.md §4.14).
    const isTaken = service.dialect.commandWithType === 'upload' && /^application\/octet-stream/i.test(contentType)
    if (isTaken && path.length > 2 && operation !== 'umode') throw noSuchFile(jfsPath(user, path))
    return handler(exchange, path)
  }
  return { operation, style: 'xml', subject: () => `/${path.join('/')}`, run }
}

function readerOf(path: TreePath, query: URLSearchParams, store: Store): Named {
  if (path.length === 0) return ['user', undefined, readUser]
  if (path.length === 1) return ['device', 'read', readDevice]
  const mode = MODES.get(query.get('mode') ?? '')
  if (mode !== undefined) return mode
  if (viewOf(path) !== undefined) return ['view', 'read', readView]
  return [findItem(store.world, path)?.kind ?? 'missing', 'read', readItem]
}

function commandOf(path: TreePath, { query, contentType }: Target): Named {
  if (path.length === 1 && query.has('type')) return ['createDevice', 'write', createDevice]
  const command = path.length === 0 ? undefined : COMMANDS.find(([parameter]) => query.has(parameter))
  if (command !== undefined) return command
  if (path.length > 2 && /^multipart\/form-data/i.test(contentType)) return ['multipart', 'write', multipartUpload]
  if (path.length === 2 && query.size === 0) return ['createMountpoint', 'write', createMountpoint]
  return ['unknownCommand', 'write', unknownCommand]
}
