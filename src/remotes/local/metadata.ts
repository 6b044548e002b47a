import type { Entry } from '../../core/entry.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Time } from '../../core/time.ts'
import { formatRfc3339, millisecond, toDate } from '../../core/time.ts'
import { absent } from './failure.ts'
import { look } from './look.ts'
import type { Place } from './place.ts'

/**
 * `Remote.metadata`: what the file system keeps, under rclone's names and in its form: mode in octal with the kind of file in
 * front, times as RFC 3339 with as many decimals as they need (rclone's surface §1.2, lsjson). A file system without
 * creation times has no btime.
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
  return {
    atime: localTime(stats.atimeNs),
    ...(stats.birthtimeNs > 0n ? { btime: localTime(stats.birthtimeNs) } : {}),
    gid: String(stats.gid),
    mode: stats.mode.toString(8),
    mtime: localTime(stats.mtimeNs),
    uid: String(stats.uid),
  }
}

/** RFC 3339 with the local offset. */
function localTime(time: Time): string {
  const minutes = -toDate(time).getTimezoneOffset()
  const shifted = formatRfc3339(time + BigInt(minutes) * 60_000n * millisecond, 9)
  return shifted.replace(/\.?0*Z$/, minutes === 0 ? 'Z' : offset(minutes))
}

function offset(minutes: number): string {
  const size = Math.abs(minutes)
  const [hours, rest] = [Math.trunc(size / 60), size % 60].map((part) => String(part).padStart(2, '0'))
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`
}
