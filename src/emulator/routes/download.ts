import { answerContent } from '../content.ts'
import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchFile } from '../refusal.ts'
import { currentRevision, findFile, type TreePath } from '../state/tree.ts'

/** `GET …?mode=bin`, of the current revision or of `revision=<number>`; trashed files too (docs/protocol.md §4.11). */
export function download(exchange: Exchange, path: TreePath): Promise<void> {
  const { store, dialect } = exchange.service
  const { world } = store
  const { username } = world
  const file = findFile(world, path)
  const isGone = file?.deleted !== undefined && dialect.modeBinTrashed === 404
  if (file === undefined || isGone) throw noSuchFile(jfsPath(username, path))
  const wanted = exchange.query.get('revision')
  if (wanted === null) return answerContent(exchange, file, currentRevision(file))
  const revision = file.revisions.find(({ number }) => number === Number(wanted))
  return answerContent(exchange, file, revision)
}
