import type { Entry } from '../../core/entry.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { MetadataItem } from '../../core/metadata.ts'
import { formatShortest } from '../../core/time.ts'
import { readAttributes } from './attributes.ts'
import { absent } from './failure.ts'
import { look } from './look.ts'
import type { Place } from './place.ts'

const time = { type: 'RFC 3339', example: '2006-01-02T15:04:05.999999999Z07:00' }
const id = { type: 'decimal number', example: '500' }

/** What a file system keeps of a file or directory besides its content, under rclone's names. */
export const metadataItems: readonly MetadataItem[] = [
  { name: 'atime', help: 'When it was last read', ...time, readOnly: false },
  { name: 'btime', help: 'When it was made, where the file system keeps that', ...time, readOnly: true },
  { name: 'gid', help: 'Number of its group', ...id, readOnly: false },
  { name: 'mode', help: 'Kind and permissions', type: 'octal, unix style', example: '0100664', readOnly: false },
  { name: 'mtime', help: 'When it was last changed', ...time, readOnly: false },
  { name: 'uid', help: 'Number of its owner', ...id, readOnly: false },
]

/**
 * `Remote.metadata`: what the file system keeps, under rclone's names and in its form: mode in octal with the kind of file in
 * front, times as RFC 3339 with as many decimals as they need (rclone's surface §1.2, lsjson). A file system without
 * creation times has no btime. Extended attributes are told beside them, where they can be read.
 */
export async function metadata(
  place: Place,
  { path }: Entry,
  { signal }: CallOptions = {},
): Promise<Readonly<Record<string, string>>> {
  signal?.throwIfAborted()
  const seen = look(place, path)
  if (!seen) throw absent(place, 'not-found', 'lstat', path)
  const { stats } = seen
  const kept = {
    ...(seen.kind === 'link' ? {} : readAttributes(seen.disk)),
    atime: formatShortest(stats.atimeNs, 'local'),
    ...(stats.birthtimeNs > 0n ? { btime: formatShortest(stats.birthtimeNs, 'local') } : {}),
    gid: String(stats.gid),
    mode: stats.mode.toString(8),
    mtime: formatShortest(stats.mtimeNs, 'local'),
    uid: String(stats.uid),
  }
  return Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)))
}
