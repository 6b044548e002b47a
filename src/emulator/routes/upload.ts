import type { Exchange } from '../exchange.ts'
import { checkLocks } from '../locks.ts'
import { uploadStart } from '../places.ts'
import { receive } from '../receive.ts'
import { noSuchFile, Refusal } from '../refusal.ts'
import { currentRevision, findFile, pathOf, type Revision, type TreePath } from '../state/tree.ts'
import { contentKey } from '../state/world.ts'
import { storeBody } from '../uploads.ts'
import { allocatePath, completedPath, shownPath } from './allocate.ts'

/** `POST <upload_url>`: takes the bytes of an announced file, whole or in part (docs/protocol.md §3.3). */
export async function upload(exchange: Exchange, id: string): Promise<void> {
  const { service, request } = exchange
  service.authorise(request)
  checkLocks(service, 'write')
  const known = service.store.world.uploads.get(id)
  if (known === undefined) return answerCompleted(exchange, completedPath(id))
  if (service.dialect.uploadUrlReuse === 'once' && service.usedUploads.has(id)) throw noSuchFile('of this upload')
  service.usedUploads.add(id)
  switch (await storeBody(exchange, known, uploadStart(request))) {
    case 'cut':
      return
    case 'incomplete':
      throw new Refusal(420, 'IncompleteUploadOpenApiException', 'The upload is not complete')
    case 'corrupt': {
      const status = service.dialect.checksumMismatchStatus
      throw new Refusal(status, 'CorruptUploadOpenApiException', 'The checksum does not match')
    }
    case 'complete':
      service.usedUploads.delete(id)
      return answerUpload(exchange, known.revision, { path: pathOf(known.file), requested: known.requested })
  }
}

interface UploadPlace {
  readonly path: TreePath
  readonly requested: string
}

function answerUpload(exchange: Exchange, revision: Revision, { path, requested }: UploadPlace): Promise<void> {
  const { md5, size, modified } = revision
  const shown = shownPath(exchange.service, path, requested)
  return exchange.reply.json(200, { path: shown, content_id: contentKey(revision), bytes: size, md5, modified })
}

// The file was complete at once: the bytes are not needed, but the client wants an answer.
async function answerCompleted(exchange: Exchange, requested: string | undefined): Promise<void> {
  if (!(await receive(exchange.request, () => true))) return
  const path = allocatePath(requested)
  const file = path === undefined ? undefined : findFile(exchange.service.store.world, path)
  const revision = file === undefined ? undefined : currentRevision(file)
  if (path === undefined || requested === undefined || revision === undefined) {
    throw noSuchFile(requested ?? 'of this upload')
  }
  await answerUpload(exchange, revision, { path, requested })
}
