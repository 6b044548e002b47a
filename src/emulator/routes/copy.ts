import { parseDate } from '../documents/dates.ts'
import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { checkNewPlace, checkNoFolder } from '../places.ts'
import { invalidArgument, noSuchFile } from '../refusal.ts'
import { currentRevision, findFile, isVisible, type TreePath } from '../state/tree.ts'
import { targetOf } from '../targets.ts'
import { checkQuota, isKnown, putKnown, type Announcement } from '../uploads.ts'
import { answerFile } from './read.ts'

/**
 * `POST …?cp=<target>`: copies a live file; the copy keeps its times. A trashed target gets the content and stays
 * trashed (docs/protocol.md §4.14).
 */
export function copyFile(exchange: Exchange, from: TreePath): Promise<void> {
  const { world } = exchange.service.store
  const to = targetOf(exchange, 'cp')
  const file = findFile(world.devices, from)
  const revision = file === undefined || !isVisible(file) ? undefined : currentRevision(file)
  if (revision === undefined) throw noSuchFile(jfsPath(world.username, from))
  const { md5, size, created, modified } = revision
  return put(exchange, { path: to, requested: '', md5, size, created, modified }, true)
}

/**
 * `POST …?cphash=true` with the headers JSize, JMd5, JCreated and JModified: makes the file at a path be a content
 * that is known, which restores it from the trash; 404 if it is not known (docs/protocol.md §4.14).
 */
export function setContent(exchange: Exchange, path: TreePath): Promise<void> {
  const { store } = exchange.service
  checkNewPlace(store.world, path)
  const wanted = { ...describedContent(exchange), path }
  if (path.length < 3 || !isKnown(store.world, wanted)) throw noSuchFile(jfsPath(store.world.username, path))
  return put(exchange, wanted)
}

/** What the J headers of a request say about a content; the hash may stand in `cphash` instead. */
export function describedContent({ request, query, service }: Exchange): Omit<Announcement, 'path'> {
  const { jsize, jmd5, jcreated, jmodified } = request.headers
  const now = service.store.now()
  const parameter = query.get('cphash') ?? ''
  const md5 = /^[0-9a-f]{32}$/i.test(parameter) ? parameter : jmd5
  if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/i.test(md5)) throw invalidArgument('Header JMd5 is missing or wrong')
  if (typeof jsize !== 'string' || !/^\d+$/.test(jsize)) throw invalidArgument('Header JSize is missing or wrong')
  const times = { created: parseDate(jcreated, now), modified: parseDate(jmodified, now) }
  return { requested: '', md5, size: Number(jsize), ...times }
}

function put(exchange: Exchange, wanted: Announcement, copy?: true): Promise<void> {
  const { world } = exchange.service.store
  checkNoFolder(world, wanted.path)
  checkQuota(exchange.service, wanted.path, wanted.size)
  putKnown(exchange.service, wanted, copy)
  const file = findFile(world.devices, wanted.path)
  if (file === undefined) throw new Error(`${wanted.path.join('/')} was not made`)
  return answerFile(exchange, file)
}
