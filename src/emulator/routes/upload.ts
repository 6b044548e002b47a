import type { Exchange } from '../exchange.ts'
import { uploadStart } from '../places.ts'
import { receive } from '../receive.ts'
import { noSuchFile, Refusal } from '../refusal.ts'
import { currentRevision, findFile, type FileItem } from '../state/tree.ts'
import { contentKey, type Upload } from '../state/world.ts'
import { storeBody } from '../uploads.ts'
import { allocatePath, completedPath } from './allocate.ts'

/** `POST <upload_url>`: takes the bytes of an announced file, whole or in part (docs/protocol.md §3.3). */
export async function upload(exchange: Exchange, id: string): Promise<void> {
  const { service, request } = exchange
  service.authorise(request)
  const known = service.store.world.uploads.get(id)
  if (known === undefined) return answerCompleted(exchange, completedPath(id))
  switch (await storeBody(exchange, known, uploadStart(request))) {
    case 'cut':
      return
    case 'incomplete':
      throw new Refusal(420, 'IncompleteUploadOpenApiException', 'The upload is not complete')
    case 'corrupt':
      throw new Refusal(421, 'CorruptUploadOpenApiException', 'The checksum does not match')
    case 'complete':
      return answerUpload(exchange, known)
  }
}

function answerUpload({ reply }: Exchange, { revision, requested }: Upload): Promise<void> {
  const { md5, size, modified } = revision
  return reply.json(200, { path: requested, content_id: contentKey(revision), bytes: size, md5, modified })
}

// The file was complete at once: the bytes are not needed, but the client wants an answer.
async function answerCompleted(exchange: Exchange, requested: string | undefined): Promise<void> {
  const { request, reply } = exchange
  if (!(await receive(request, () => true))) return
  const file = requested === undefined ? undefined : fileAt(exchange, requested)
  const revision = file === undefined ? undefined : currentRevision(file)
  if (revision === undefined) throw noSuchFile(requested ?? 'of this upload')
  const { md5, size, modified } = revision
  await reply.json(200, { path: requested, content_id: contentKey(revision), bytes: size, md5, modified })
}

function fileAt({ service }: Exchange, requested: string): FileItem | undefined {
  return findFile(service.store.world.devices, allocatePath(requested) ?? [])
}
