import { StorageError } from '../../../core/errors.ts'
import type { Path } from '../../../core/path.ts'
import type { Time } from '../../../core/time.ts'
import { formatRfc3339 } from '../../../core/time.ts'
import type { HttpClient, HttpResponse } from '../../../http/types.ts'
import { safeUrl } from './address.ts'
import { parseObject, sizeIn, stringIn } from './json.ts'
import { requestOk } from './request.ts'

/** The file that is to be stored. */
export interface Upload {
  /** Name of the remote and path as people see it, for errors. */
  readonly remote: string
  readonly path: Path
  readonly bytes: number
  /** Lower-case hex of the whole content. */
  readonly md5: string
  readonly created: Time
  readonly modified: Time
  readonly signal?: AbortSignal | undefined
}

/** What the service wants for it: nothing, or the bytes from `resumeAt` on sent to `url`; those before failed their checksum where `corrupt`. */
export type Allocation =
  | { readonly state: 'completed' }
  | { readonly state: 'wanted'; readonly url: string; readonly resumeAt: number; readonly corrupt: boolean }

/**
 * Announces a file with `POST files/v1/allocate` (docs/protocol.md §3.2). Content that the service knows is in place after
 * this, with these times and out of the trash.
 * @param at where: the base of the JSON API with a slash at the end, and `/device/mountpoint/stored path`
 * @throws StorageError 'protocol' for a reply that makes no sense, and for every status outside 2xx
 */
export async function allocate(
  http: HttpClient,
  at: { readonly base: string; readonly place: string },
  upload: Upload,
): Promise<Allocation> {
  const { remote, path, bytes, md5, signal } = upload
  const response = await requestOk(
    http,
    {
      method: 'POST',
      url: `${at.base}files/v1/allocate`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        path: `/jfs${at.place}`,
        bytes,
        md5,
        created: formatRfc3339(upload.created),
        modified: formatRfc3339(upload.modified),
      }),
      signal,
    },
    { remote, path, operation: 'allocate', repeatable: true, changes: true },
  )
  return readAllocation(response, upload)
}

async function readAllocation(response: HttpResponse, upload: Upload): Promise<Allocation> {
  const reply = parseObject(await response.text()) ?? {}
  const state = stringIn(reply, 'state')
  const isWhole = (sizeIn(reply, 'bytes') ?? upload.bytes) === upload.bytes
  if (state === 'COMPLETED' && isWhole) return { state: 'completed' }
  const url = safeUrl(stringIn(reply, 'upload_url') ?? '')
  const resumeAt = sizeIn(reply, 'resume_pos') ?? 0
  if ((state === 'INCOMPLETE' || state === 'CORRUPT') && url && resumeAt <= upload.bytes) {
    return { state: 'wanted', url: url.href, resumeAt, corrupt: state === 'CORRUPT' }
  }
  const { remote, path } = upload
  throw new StorageError('protocol', `allocate ${remote}:${path}: the service sent a reply that makes no sense`, {
    retry: 'later',
    details: { operation: 'allocate', remote, path },
  })
}
