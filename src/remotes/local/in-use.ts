import { closeSync, fstatSync, openSync } from 'node:fs'
import type { Path } from '../../core/path.ts'
import { lstat } from './look.ts'
import type { Place } from './place.ts'
import { diskPath } from './place.ts'

/** A temporary file that has not been written to for so many milliseconds is nobody's. */
const abandonedAfter = 3_600_000
/** Those that this process writes to. */
const inUse = new Set<Path>()

/** Others see that this process writes, before it makes a temporary file; where that cannot be, they go by its age. */
export function arrive({ remembered }: Place): void {
  try {
    remembered?.writers?.arrive()
  } catch {
    // The disk is full or may not be written to: then nothing is remembered
  }
}

/** Opens a temporary file, which is in use from then on until {@link closeTemporary}. */
export function openTemporary(temporary: Path, flags: string): number {
  const fd = openSync(diskPath(temporary), flags)
  inUse.add(temporary)
  return fd
}

export function closeTemporary(temporary: Path, fd: number): void {
  inUse.delete(temporary)
  closeSync(fd)
}

/**
 * Whether nobody works on a temporary file any more: who did was killed, or it was not touched for long. Its own time is the
 * source's before it gets its name.
 */
export function isAbandoned(place: Place, temporary: Path): boolean {
  const there = lstat(place, temporary)
  if (!there || inUse.has(temporary)) return false
  return Date.now() - Number(there.ctimeMs) > abandonedAfter || place.remembered?.writers?.leftAlone() === true
}

/**
 * Whether the temporary file's name still leads to it: another file of that very name may have been copied over it, or somebody
 * have taken it for abandoned. By size and time too, for there are file systems that give a file another inode at every look.
 */
export function isStill(place: Place, temporary: Path, fd: number): boolean {
  const [there, own] = [lstat(place, temporary), fstatSync(fd, { bigint: true })]
  if (!there) return false
  return there.ino === own.ino || (there.size === own.size && there.mtimeNs === own.mtimeNs)
}
