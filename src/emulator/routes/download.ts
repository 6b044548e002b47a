import { answerContent } from '../content.ts'
import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { noSuchFile } from '../refusal.ts'
import { currentRevision, findFile, type TreePath } from '../state/tree.ts'

/** `GET …?mode=bin`, of the current revision or of `revision=<number>`; trashed files too (docs/protocol.md §4.11). */
export function download(exchange: Exchange, path: TreePath): Promise<void> {
  const { devices, username } = exchange.service.store.world
  const file = findFile(devices, path)
  if (file === undefined) throw noSuchFile(jfsPath(username, path))
  const wanted = exchange.query.get('revision')
  if (wanted === null) return answerContent(exchange, file, currentRevision(file))
  const revision = file.revisions.find(({ number }) => number === Number(wanted))
  return answerContent(exchange, file, revision)
}
