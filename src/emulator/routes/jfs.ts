import type { Exchange, Route, Target } from '../exchange.ts'
import { checkPercent } from '../names.ts'
import { checkUser, decodePath, viewOf } from '../places.ts'
import type { Store } from '../state/store.ts'
import { findItem, type TreePath } from '../state/tree.ts'
import { copyFile, setContent } from './copy.ts'
import { createDevice, createMountpoint } from './create.ts'
import { directUpload } from './direct-upload.ts'
import { download } from './download.ts'
import { makeDirectory } from './make-directory.ts'
import { moveFile, moveFolder } from './move.ts'
import { readDevice, readItem, readUser } from './read.ts'
import { readList, readListstream } from './read-recursive.ts'
import { readView } from './read-view.ts'
import { removeAny, removeFolder } from './remove.ts'
import { disableShare, enableShare } from './share.ts'
import { trashFile, trashFolder } from './trash.ts'
import { unknownCommand } from './unknown-command.ts'

/** Answers a JFS request about a path: device, mountpoint and names, each as sent. */
export type JfsHandler = (exchange: Exchange, path: TreePath) => Promise<void>

type Named = readonly [operation: string, handler: JfsHandler]

const MODES = new Map<string, Named>([
  ['bin', ['download', download]],
  ['list', ['list', readList]],
  ['liststream', ['liststream', readListstream]],
  ['enableShare', ['enableShare', enableShare]],
  ['disableShare', ['disableShare', disableShare]],
])

const COMMANDS: readonly (readonly [parameter: string, handler: JfsHandler])[] = [
  ['mkDir', makeDirectory],
  ['dl', trashFile],
  ['dlDir', trashFolder],
  ['rm', removeAny],
  ['rmDir', removeFolder],
  ['mv', moveFile],
  ['mvDir', moveFolder],
  ['cp', copyFile],
  ['cphash', setContent],
  ['umode', directUpload],
]

/** The route of a request below `/jfs/`, of whose path the rest is given (docs/protocol.md §4). */
export function jfsRoute({ method, path: encoded, query }: Target, store: Store): Route {
  const [user = '', ...path] = decodePath(encoded)
  const [operation, handler] = method === 'POST' ? commandOf(path, query) : readerOf(path, query, store)
  return {
    operation,
    style: 'xml',
    subject: () => `/${path.join('/')}`,
    run(exchange) {
      checkPercent(path)
      exchange.service.authorise(exchange.request)
      checkUser(store.world, user)
      return handler(exchange, path)
    },
  }
}

function readerOf(path: TreePath, query: URLSearchParams, store: Store): Named {
  if (path.length === 0) return ['user', readUser]
  if (path.length === 1) return ['device', readDevice]
  const mode = MODES.get(query.get('mode') ?? '')
  if (mode !== undefined) return mode
  if (viewOf(path) !== undefined) return ['view', readView]
  return [findItem(store.world.devices, path)?.kind ?? 'missing', readItem]
}

function commandOf(path: TreePath, query: URLSearchParams): Named {
  if (path.length === 1 && query.has('type')) return ['createDevice', createDevice]
  const command = path.length === 0 ? undefined : COMMANDS.find(([parameter]) => query.has(parameter))
  if (command !== undefined) return command
  if (path.length === 2 && query.size === 0) return ['createMountpoint', createMountpoint]
  return ['unknownCommand', unknownCommand]
}
