import { StorageError } from '../../../core/errors.ts'
import type { HttpClient, HttpResponse, StreamBody } from '../../../http/types.ts'
import type { Upload } from './allocate.ts'
import type { Attempt } from './failure.ts'
import { readFailure, toError } from './failure.ts'
import { parseObject, sizeIn, stringIn } from './json.ts'
import { isOk, request } from './request.ts'

/**
 * Sends the bytes of an allocated file from `first` to its end (docs/protocol.md §3.3).
 * @param part `first` and `body`: where to begin, and the bytes from there on; `resumes`: the service has some bytes already, so that
 * it is told where these belong
 * @returns 'incomplete' where the service says that bytes are missing still (420)
 * @throws StorageError 'corrupt', retry 'later', where what arrived is not what was announced, or the service says that it stored something else
 */
export async function sendBytes(
  http: HttpClient,
  upload: Upload,
  part: { readonly url: string; readonly first: number; readonly resumes: boolean; readonly body: StreamBody },
): Promise<'complete' | 'incomplete'> {
  const { remote, path, signal } = upload
  const headers = {
    'content-type': 'application/octet-stream',
    ...(part.resumes && { range: `bytes=${part.first}-${upload.bytes - 1}` }),
  }
  const attempt = { remote, path, operation: 'upload', repeatable: false, changes: true }
  const response = await request(http, { method: 'POST', url: part.url, headers, body: part.body, signal }, attempt)
  if (isOk(response)) return verifyReply(response, upload, attempt)
  const failure = await readFailure(response)
  if (failure.status === 420 || failure.id === 'IncompleteUploadOpenApiException') return 'incomplete'
  throw toError(failure, attempt)
}

async function verifyReply(response: HttpResponse, upload: Upload, attempt: Attempt): Promise<'complete'> {
  const reply = parseObject(await response.text()) ?? {}
  const stored = describe(sizeIn(reply, 'bytes'), stringIn(reply, 'md5')?.toLowerCase())
  const sent = describe(upload.bytes, upload.md5)
  if (stored === sent) return 'complete'
  const { remote, path, operation } = attempt
  throw new StorageError(
    'corrupt',
    `upload ${remote}:${path}: the service stored something else than was sent: ${stored}, not ${sent}`,
    {
      retry: 'later',
      effect: 'unknown',
      details: { remote, path, operation },
    },
  )
}

function describe(bytes: number | undefined, md5: string | undefined): string {
  return `${bytes ?? 'unknown'} bytes with MD5 ${md5 ?? 'unknown'}`
}
