import { jfsPath } from '../documents/file-element.ts'
import type { Exchange } from '../exchange.ts'
import { checkNewPlace, checkNoFolder } from '../places.ts'
import { receive } from '../receive.ts'
import { invalidArgument, Refusal } from '../refusal.ts'
import type { TreePath } from '../state/tree.ts'
import { sentTimes } from '../times.ts'
import { announce, checkQuota, storeBytes } from '../uploads.ts'
import { answerFile } from './read.ts'

// The whole body is held in memory.
const MOST_BYTES = 256 << 20

/**
 * `POST …` with a form of `md5`, `created`, `modified` and `file`: the bytes of a file. 201 even when the MD5 does not
 * match; the document then says so (docs/protocol.md §4.14).
 */
export async function multipartUpload(exchange: Exchange, path: TreePath): Promise<void> {
  const { service } = exchange
  const form = await receiveForm(exchange)
  if (form === undefined) return
  const md5 = text(form, 'md5') ?? exchange.request.headers['jmd5']
  const file = form.get('file')
  if (md5 === undefined) throw new Refusal(400, undefined, 'Upload without md5 no longer supported. Use header JMd5.')
  if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/i.test(md5)) throw invalidArgument('Invalid md5')
  if (file === null || typeof file === 'string') throw invalidArgument('The form holds no file')
  checkNewPlace(service, path)
  checkNoFolder(service, path)
  checkQuota(service, path, file.size)
  const sent = { created: text(form, 'created'), modified: text(form, 'modified') }
  const requested = jfsPath(service.store.world.username, path)
  const upload = announce(service, { path, requested, md5, size: file.size, ...sentTimes(service, path, sent) })
  await storeBytes(service, upload, new Uint8Array(await file.arrayBuffer()))
  await answerFile(exchange, upload.file, 201)
}

/** Reads a form; undefined if it did not arrive or is too long. */
async function receiveForm({ request, tally }: Exchange): Promise<FormData | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  const whole = await receive(request, (chunk) => {
    chunks.push(chunk)
    length += chunk.byteLength
    tally.received(chunk.byteLength)
    return length <= MOST_BYTES
  })
  if (!whole) return undefined
  const headers = { 'Content-Type': request.headers['content-type'] ?? '' }
  try {
    return await new Response(Buffer.concat(chunks), { headers }).formData()
  } catch {
    throw invalidArgument('The body is no form')
  }
}

function text(form: FormData, name: string): string | undefined {
  const value = form.get(name)
  return typeof value === 'string' ? value : undefined
}
