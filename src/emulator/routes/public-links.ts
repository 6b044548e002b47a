import { answerContent } from '../content.ts'
import { escapeXml } from '../documents/escape.ts'
import type { Exchange } from '../exchange.ts'
import { decodePath } from '../places.ts'
import { noSuchFile } from '../refusal.ts'
import { currentRevision, walk, type Container, type Item } from '../state/tree.ts'
import type { World } from '../state/world.ts'
import { thumbnailOf } from './thumbnail.ts'
import { zipBytes, zipEntries } from './zip.ts'

/** Answers without login, about the item that the public link at the end of a path leads to. */
export type PublicHandler = (exchange: Exchange, item: Item) => Promise<void>

/** Finds the item of a public link and answers with `handler` (docs/protocol.md §4.12). */
export function answerPublic(exchange: Exchange, path: string, handler: PublicHandler): Promise<void> {
  const [user = '', uri = '', ...more] = decodePath(path)
  const { world } = exchange.service.store
  const isRight = more.length === 0 && world.fold(user) === world.fold(world.username)
  const item = isRight ? sharedItem(world, uri) : undefined
  if (item === undefined) throw noSuchFile(uri)
  return handler(exchange, item)
}

/** `downloadPublic` and `streamPublic`: the bytes of a file, a zip file of a folder. */
export function publicDownload(exchange: Exchange, item: Item): Promise<void> {
  if (item.kind === 'file') return answerContent(exchange, item, currentRevision(item))
  const entries = zipEntries(exchange.service.store.world, item)
  const name = encodeURIComponent(`${item.name}.zip`)
  const headers = { 'Content-Type': 'application/zip', 'Content-Disposition': `attachment; filename*=UTF-8''${name}` }
  return exchange.reply.bytes(200, headers, zipBytes(entries))
}

/** `publicThumb`. */
export function publicThumbnail(exchange: Exchange, item: Item): Promise<void> {
  if (item.kind !== 'file') throw noSuchFile(item.name)
  return thumbnailOf(item)
}

/** `/p/<user>/<publicURI>`: a page with the name and a link to the bytes. */
export function publicPage({ service, reply }: Exchange, item: Item): Promise<void> {
  const { username } = service.store.world
  const name = escapeXml(item.name)
  const address = `/opin/io/downloadPublic/${username}/${item.uri ?? ''}`
  const page = `<!doctype html>\n<meta charset="utf-8">\n<title>${name}</title>\n<h1>${name}</h1>\n<p><a href="${address}">Download</a></p>\n`
  return reply.text(200, { 'Content-Type': 'text/html;charset=UTF-8' }, page)
}

function sharedItem(world: Readonly<World>, uri: string): Item | undefined {
  for (const device of world.devices.values()) {
    for (const mountpoint of device.mountpoints.values()) {
      const found = uri === '' ? undefined : sharedBelow(mountpoint, uri)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function sharedBelow(start: Container, uri: string): Item | undefined {
  if (start.deleted !== undefined) return undefined
  for (const container of walk(start, ({ deleted }) => deleted === undefined)) {
    if (container.uri === uri) return container
    for (const file of container.files.values()) if (file.uri === uri && file.deleted === undefined) return file
  }
  return undefined
}
