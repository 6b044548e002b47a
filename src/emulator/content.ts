import { jfsPath } from './documents/file-element.ts'
import { mimeOf } from './documents/mime.ts'
import type { Exchange } from './exchange.ts'
import { noSuchFile, Refusal } from './refusal.ts'
import { pathOf, type FileItem, type Revision } from './state/tree.ts'
import { contentKey } from './state/world.ts'

/** Answers with the bytes of a revision, or with the range of them that is asked for (docs/protocol.md §4.11). */
export function answerContent(exchange: Exchange, file: FileItem, revision: Revision | undefined): Promise<void> {
  const { world } = exchange.service.store
  if (revision?.state !== 'COMPLETED') throw noSuchFile(jfsPath(world.username, pathOf(file)))
  const { size } = revision
  const range = requestedRange(exchange, size)
  const { start, end } = range ?? { start: 0, end: size }
  const partial = range === undefined ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${size}` }
  const headers = {
    'Content-Type': mimeOf(file.name),
    'Content-Length': end - start,
    'Accept-Ranges': 'bytes',
    ...partial,
  }
  return exchange.reply.bytes(
    range === undefined ? 200 : 206,
    headers,
    world.blobs.read(contentKey(revision), start, end),
  )
}

/** The first range of a header, its end exclusive; undefined without a header that can be understood. */
function requestedRange({ request, service }: Exchange, size: number): { start: number; end: number } | undefined {
  const { dialect } = service
  const header = request.headers.range
  if (size === 0 && dialect.emptyRangeStatus === 200) return undefined
  if (header?.includes(',') && dialect.multiRange === 'whole') return undefined
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size)
  if (start < end) return { start, end }
  throw new Refusal(416, 'RequestedRangeNotSatisfiedException', `The file has ${size} bytes`, {
    headers: { 'Content-Range': `bytes */${size}` },
  })
}
