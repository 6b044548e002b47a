import { randomUUID } from 'node:crypto'
import { bareDeviceDocument } from '../documents/account-documents.ts'
import type { Exchange } from '../exchange.ts'
import { checkNewNames } from '../names.ts'
import { checkNewPlace } from '../places.ts'
import { invalidArgument } from '../refusal.ts'
import { foldName } from '../state/fold-name.ts'
import { findContainer, type TreePath } from '../state/tree.ts'
import { answerBare } from './make-directory.ts'
import { deviceAt, rootOf } from './read.ts'

// docs/protocol.md §4.4; JOTTA is the built-in device only.
const TYPES = new Set('WORKSTATION LAPTOP IMAC MACBOOK IPAD ANDROID IPHONE WINDOWS_PHONE CLI'.split(' '))

/** `POST /jfs/<user>/<device>?type=…`: makes a device, or changes the type of one; 201 either way (§4.14). */
export function createDevice(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  const [name = ''] = path
  const type = exchange.query.get('type') ?? ''
  checkNewNames(path, exchange.service.dialect)
  if (!TYPES.has(type)) throw invalidArgument(`Unknown device type ${type}`)
  if (foldName(name) !== 'jotta') store.commit({ op: 'device', name, type, sid: randomUUID() })
  return exchange.reply.xml(201, bareDeviceDocument(deviceAt(exchange, path), rootOf(exchange)))
}

/** `POST /jfs/<user>/<device>/<mountpoint>`: 201 if it was made, 200 if it was there (docs/protocol.md §4.14). */
export function createMountpoint(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  checkNewPlace(exchange.service, path)
  const before = findContainer(store.world, path)
  const isThere = before !== undefined && before.deleted === undefined
  if (!isThere) store.commit({ op: 'mkdir', path, at: store.now() })
  return answerBare(exchange, path, isThere ? 200 : 201)
}
