import { futimesSync, lutimesSync, utimesSync } from 'node:fs'
import type { Entry } from '../../core/entry.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Time } from '../../core/time.ts'
import { truncate } from '../../core/time.ts'
import { onDisk } from './failure.ts'
import { linkTarget } from './look.ts'
import type { DiskPath, Place } from './place.ts'
import { diskPath } from './place.ts'

/** Node gives times to the system as a double that is cut to whole microseconds, so this is what survives. */
export const settablePrecision: Time = 1000n

/** `Remote.setTimes`: the time of modification; a disk has no creation time that can be set. */
export async function setTimes(
  place: Place,
  entry: Entry,
  times: { readonly modified: Time },
  { signal }: CallOptions = {},
): Promise<void> {
  signal?.throwIfAborted()
  const link = linkTarget(place, entry.path)
  onDisk(place, 'chtimes', entry.path, () => {
    if (link === undefined) utimesSync(diskPath(entry.path), seconds(times.modified), seconds(times.modified))
    else setLinkTimes(diskPath(link), times.modified)
  })
}

/** Sets the times of an open file. */
export function setOpenTimes(fd: number, modified: Time): void {
  futimesSync(fd, seconds(modified), seconds(modified))
}

/** Sets the times of a symbolic link itself. */
export function setLinkTimes(link: DiskPath, modified: Time): void {
  lutimesSync(link, seconds(modified), seconds(modified))
}

/**
 * `time` as node's seconds. The middle of a microsecond, since a double cannot hold its exact beginning and the fraction
 * is cut, not rounded. Times before 1970 as text: node takes a negative number for "now".
 */
function seconds(time: Time): number | string {
  const microseconds = Number(truncate(time, settablePrecision) / settablePrecision)
  return microseconds < 0 ? String((microseconds - 0.5) / 1e6) : (microseconds + 0.5) / 1e6
}
