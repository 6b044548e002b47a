import type { MetadataItem } from '../../core/remote.ts'

const time = { type: 'RFC 3339', example: '2006-01-02T15:04:05.999999999Z07:00' }

/** What a disk keeps beside the content (rclone's surface §2.3, "Metadata keys"). */
export const metadataItems: readonly MetadataItem[] = [
  { name: 'atime', help: 'When it was last read', ...time, readOnly: false },
  { name: 'btime', help: 'When it was made', ...time, readOnly: true },
  { name: 'gid', help: 'The group that it belongs to', type: 'decimal number', example: '500', readOnly: false },
  {
    name: 'mode',
    help: 'Kind of file and permissions',
    type: 'octal, unix style',
    example: '0100664',
    readOnly: false,
  },
  { name: 'mtime', help: 'When it was last changed', ...time, readOnly: false },
  { name: 'uid', help: 'The user that it belongs to', type: 'decimal number', example: '500', readOnly: false },
]
