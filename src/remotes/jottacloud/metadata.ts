import type { FileEntry } from '../../core/entry.ts'
import type { Metadata, MetadataItem } from '../../core/remote.ts'
import type { Time } from '../../core/time.ts'
import { formatRfc3339, parseRfc3339 } from '../../core/time.ts'

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

/** The times that metadata sets; what cannot be read, or is none that can be set, is left aside. */
export function timesIn(metadata: Metadata = {}): { readonly created?: Time; readonly modified?: Time } {
  const [created, modified] = [metadata['btime'], metadata['mtime']].map((text) => parseRfc3339(text ?? ''))
  return { ...(created !== undefined && { created }), ...(modified !== undefined && { modified }) }
}
