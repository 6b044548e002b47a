import type { FileEntry } from '../../core/entry.ts'
import type { Metadata, MetadataItem } from '../../core/metadata.ts'
import type { Time } from '../../core/time.ts'
import { formatRfc3339, nanoseconds } from '../../core/time.ts'

const time = { type: 'RFC 3339', example: '2006-01-02T15:04:05.999999999Z07:00' }

/** What memory keeps of a file besides its content. */
export const metadataItems: readonly MetadataItem[] = [
  { name: 'btime', help: 'When the file was created', ...time, readOnly: false },
  { name: 'mtime', help: 'When the file was last changed', ...time, readOnly: false },
  { name: 'utime', help: 'When the content was stored', ...time, readOnly: true },
]

export function metadataOf({ created, modified, stored }: FileEntry): Metadata {
  return { btime: format(created ?? modified), mtime: format(modified), utime: format(stored ?? modified) }
}

function format(value: Time): string {
  return formatRfc3339(value, nanoseconds(value) === 0 ? 0 : 9)
}
