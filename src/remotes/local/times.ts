import { futimesSync, lutimesSync, utimesSync } from 'node:fs'
import type { Entry } from '../../core/entry.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Time } from '../../core/time.ts'
import { second } from '../../core/time.ts'
import { failure, onDisk } from './failure.ts'
import { follow, linkTarget } from './look.ts'
import type { DiskPath, Place } from './place.ts'
import { diskPath } from './place.ts'
import type { SystemCalls } from './system-calls.ts'
import { systemCalls } from './system-calls.ts'

const microsecond: Time = 1000n

/**
 * What survives a setting of the time, in nanoseconds. Node gives times to the system as a double of seconds, which is good to
 * some 0.2 µs in this century; Node 20 also cuts it to whole microseconds (decisions/0013).
 */
export function settablePrecision(): Time {
  return systemCalls() ? 1n : microsecond
}

/**
 * `Remote.setTimes`: the time of modification; a disk has no creation time that can be set.
 * @throws StorageError 'dir-not-found' where a file has the directory's name
 */
export async function setTimes(
  place: Place,
  entry: Entry,
  times: { readonly modified: Time },
  { signal }: CallOptions = {},
): Promise<void> {
  signal?.throwIfAborted()
  if (entry.kind === 'dir' && follow(place, entry.path)?.isDirectory() === false)
    throw failure(place, 'dir-not-found', 'chtimes', entry.path, 'is a file not a directory')
  const link = linkTarget(place, entry.path)
  onDisk(place, 'chtimes', entry.path, () => {
    if (link === undefined) setPathTimes(diskPath(entry.path), times.modified)
    else setLinkTimes(diskPath(link), times.modified)
  })
}

/** Sets the times of an open file. */
export function setOpenTimes(fd: number, modified: Time, accessed = modified): void {
  if (!native(modified, accessed)?.setOpenTimes(fd, accessed, modified))
    futimesSync(fd, seconds(accessed), seconds(modified))
}

/** Sets the times of what a path leads to. */
export function setPathTimes(path: DiskPath, modified: Time, accessed = modified): void {
  if (!native(modified, accessed)?.setTimes(path, accessed, modified))
    utimesSync(path, seconds(accessed), seconds(modified))
}

/** Sets the times of a symbolic link itself. */
export function setLinkTimes(link: DiskPath, modified: Time, accessed = modified): void {
  if (!native(modified, accessed)?.setLinkTimes(link, accessed, modified))
    lutimesSync(link, seconds(accessed), seconds(modified))
}

/** The calls that are exact, where node is not: each of its versions rounds fractions of a second in its own way. */
function native(...times: readonly Time[]): SystemCalls | undefined {
  return times.every((time) => time % second === 0n) ? undefined : systemCalls()
}

/**
 * `time` as node's seconds: whole seconds exactly, others a quarter of a microsecond further from 1970, so that the double
 * never falls short of the microsecond that it is cut to. Times before 1970 as text: node takes a negative number for
 * "now".
 */
function seconds(time: Time): number | string {
  const whole = time / second
  const rest = Number(time % second)
  const exact = Number(whole) + (rest + Math.sign(rest) * 250) / 1e9
  return exact < 0 ? String(exact) : exact
}
