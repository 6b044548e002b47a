import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { checkNewPlace, checkNoFolder } from '../places.ts'
import { noSuchFile, Refusal } from '../refusal.ts'
import type { TreePath } from '../state/tree.ts'
import { announce, checkQuota, storeBody } from '../uploads.ts'
import { describedContent } from './copy.ts'
import { answerFile } from './read.ts'

/**
 * `POST …?umode=nomultipart`: the bytes of a file without an announcement. 201 even when size or MD5 do not match;
 * the document then says so. A body as long as what is missing continues an earlier one (docs/protocol.md §4.14).
 */
export async function directUpload(exchange: Exchange, path: TreePath): Promise<void> {
  const { service, request } = exchange
  const { world } = service.store
  if (request.headers['jmd5'] === undefined) {
    throw new Refusal(400, undefined, 'Upload without md5 no longer supported. Use header JMd5.')
  }
  if (path.length < 3) throw noSuchFile(jfsPath(world.username, path))
  checkNewPlace(service, path)
  checkNoFolder(service, path)
  const content = describedContent(exchange, path)
  checkQuota(service, path, content.size)
  const upload = announce(service, { ...content, path, requested: jfsPath(world.username, path) })
  const received = world.blobs.received(upload.id)
  const isRest = Number(request.headers['content-length']) === content.size - received
  const outcome = await storeBody(exchange, upload, isRest ? received : 0)
  if (outcome !== 'cut') await answerFile(exchange, upload.file, 201)
}
