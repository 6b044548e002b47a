import type { Entry, FileEntry } from '../../core/entry.ts'
import type { Metadata, MetadataItem } from '../../core/metadata.ts'
import { timesIn } from '../../core/metadata.ts'
import type { CallOptions } from '../../core/stream.ts'
import { formatRfc3339, second, timeFrom, truncate } from '../../core/time.ts'
import type { Drive } from './drive.ts'
import { setTimes } from './times.ts'

const time = { type: 'RFC 3339', example: '2006-01-02T15:04:05.999999999Z07:00' }

/** What the service keeps of a file besides its content, under rclone's names. */
export const metadataItems: readonly MetadataItem[] = [
  { name: 'btime', help: 'When the file was created', ...time, readOnly: false },
  { name: 'content-type', help: 'Media type', type: 'string', example: 'text/plain', readOnly: true },
  { name: 'mtime', help: 'When the file was last changed', ...time, readOnly: false },
  { name: 'utime', help: 'When the current revision was uploaded', ...time, readOnly: true },
]

/** The metadata of a file as far as its listing has brought it: a recursive one has neither utime nor content-type. */
export function metadataOf(entry: FileEntry): Metadata {
  const { created, mimeType, modified, stored } = entry
  return Object.fromEntries(
    Object.entries({
      btime: formatRfc3339(created ?? modified),
      'content-type': mimeType,
      mtime: formatRfc3339(modified),
      utime: stored === undefined ? undefined : formatRfc3339(stored),
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
}

/**
 * `Remote.setMetadata`: the times, the rest cannot be set. Nothing is sent where `entry` has them already.
 * @throws StorageError as `setTimes` does
 */
export async function setMetadata(
  drive: Drive,
  entry: Entry,
  metadata: Metadata,
  options?: CallOptions,
): Promise<void> {
  const given = timesIn(metadata)
  const now = entry.kind === 'file' ? entry : undefined
  const modified = truncate(given.modified ?? now?.modified ?? timeFrom(drive.now()), second)
  const created = truncate(given.created ?? now?.created ?? modified, second)
  if (now?.modified === modified && now.created === created) return
  await setTimes(drive, entry, { modified, created }, options)
}
