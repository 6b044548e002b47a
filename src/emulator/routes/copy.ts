import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { checkNewPlace, checkNoFolder } from '../places.ts'
import { invalidArgument, noSuchFile, notUnique } from '../refusal.ts'
import { currentRevision, findFile, isVisible, type FileItem, type TreePath } from '../state/tree.ts'
import { targetOf } from '../targets.ts'
import { sentTimes } from '../times.ts'
import { checkQuota, isKnown, putKnown, type Announcement, type PutWays } from '../uploads.ts'
import { answerFile } from './read.ts'

/**
 * `POST …?cp=<target>`: copies a live file; the copy keeps its times. A trashed target gets the content and stays
 * trashed (docs/protocol.md §4.14).
 */
export function copyFile(exchange: Exchange, from: TreePath): Promise<void> {
  const { world } = exchange.service.store
  const to = targetOf(exchange, 'cp')
  const file = findFile(world, from)
  const revision = file === undefined || !isVisible(file) ? undefined : currentRevision(file)
  if (revision === undefined) throw noSuchFile(jfsPath(world.username, from))
  const { md5, size, created, modified } = revision
  const ways = copyWays(exchange, to, findFile(world, to))
  return put(exchange, { path: to, requested: '', md5, size, created, modified }, ways)
}

/**
 * `POST …?cphash=true` with the headers JSize, JMd5, JCreated and JModified: makes the file at a path be a content
 * that is known, which restores it from the trash; 404 if it is not known (docs/protocol.md §4.14).
 */
export function setContent(exchange: Exchange, path: TreePath): Promise<void> {
  const { store, dialect } = exchange.service
  checkNewPlace(exchange.service, path)
  const wanted = { ...describedContent(exchange, path), path }
  if (path.length < 3 || !isKnown(exchange.service, wanted)) throw noSuchFile(jfsPath(store.world.username, path))
  return put(exchange, wanted, dialect.cphashSame === 'new-revision' ? { revision: true } : {})
}

/** What the J headers of a request for a path say about its content; the hash may stand in `cphash` instead. */
export function describedContent(exchange: Exchange, path: TreePath): Omit<Announcement, 'path'> {
  const { request, query } = exchange
  const { jsize, jmd5, jcreated, jmodified } = request.headers
  const parameter = query.get('cphash') ?? ''
  const md5 = /^[0-9a-f]{32}$/i.test(parameter) ? parameter : jmd5
  if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/i.test(md5)) throw invalidArgument('Header JMd5 is missing or wrong')
  const size = typeof jsize === 'string' && /^\d+$/.test(jsize) ? Number(jsize) : Number.NaN
  if (!Number.isSafeInteger(size)) throw invalidArgument('Header JSize is missing or wrong')
  return { requested: '', md5, size, ...sentTimes(exchange.service, path, { created: jcreated, modified: jmodified }) }
}

function copyWays({ service }: Exchange, to: TreePath, target: FileItem | undefined): PutWays {
  const { dialect, store } = service
  const conflict = notUnique(jfsPath(store.world.username, to), dialect.moveConflictStatus)
  if (target !== undefined && isVisible(target) && dialect.copyOntoLive === 'conflict') throw conflict
  if (target?.deleted === undefined || dialect.copyOntoTrashed === 'revives') return { revision: true }
  if (dialect.copyOntoTrashed === 'fails') throw conflict
  return { revision: true, staysTrashed: true }
}

function put(exchange: Exchange, wanted: Announcement, ways: PutWays): Promise<void> {
  const { world } = exchange.service.store
  checkNoFolder(exchange.service, wanted.path)
  checkQuota(exchange.service, wanted.path, wanted.size)
  putKnown(exchange.service, wanted, ways)
  const file = findFile(world, wanted.path)
  if (file === undefined) throw new Error(`${wanted.path.join('/')} was not made`)
  return answerFile(exchange, file)
}
