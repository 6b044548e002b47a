import type { Entry } from '../../core/entry.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Time } from '../../core/time.ts'
import { formatJfsDate } from './api/dates.ts'
import type { Drive } from './drive.ts'
import { refusal } from './refusal.ts'
import { stat } from './stat.ts'

/**
 * Sets the times of a file by announcing its own content with them (docs/protocol.md §4.14, cphash). Since that command makes
 * the file be what it is told, it would bring back what was replaced or deleted meanwhile: the file is looked at first.
 * @throws StorageError 'not-found', 'changed', and 'unsupported' for a directory
 */
export async function setTimes(
  drive: Drive,
  entry: Entry,
  times: { readonly modified: Time; readonly created?: Time },
  { signal }: CallOptions = {},
): Promise<void> {
  const { path } = entry
  const about = { drive, operation: 'setTimes', path }
  if (entry.kind === 'dir') throw refusal('unsupported', 'Jottacloud keeps no times of directories', about)
  const now = await stat(drive, path, { signal })
  if (now?.kind !== 'file') throw refusal('not-found', 'there is no such file', about)
  const { size, hashes } = now
  if (size === undefined || hashes.md5 === undefined) {
    throw refusal('protocol', 'the service did not name its size and MD5', about)
  }
  if (size !== (entry.size ?? size) || hashes.md5 !== (entry.hashes.md5 ?? hashes.md5)) {
    throw refusal('changed', 'the file has other content meanwhile', about)
  }
  const response = await drive.jfs.command({
    operation: 'setTimes',
    path,
    stored: drive.spellings.stored(path),
    query: { cphash: 'true' },
    headers: {
      JSize: String(size),
      JMd5: hashes.md5,
      JCreated: formatJfsDate(times.created ?? now.created ?? times.modified),
      JModified: formatJfsDate(times.modified),
    },
    signal,
  })
  await response.discard()
}
