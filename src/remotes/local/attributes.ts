import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import type { Metadata } from '../../core/metadata.ts'
import { nameFromBytes, nameToBytes } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { failure } from './failure.ts'
import type { DiskPath, Place } from './place.ts'
import { systemCalls } from './system-calls.ts'

/** What people may set; the rest belongs to the system (rclone's surface 2.3, Metadata). */
const prefix = 'user.'
/** Kept by the file system itself, under rclone's names. */
const system: ReadonlySet<string> = new Set(['atime', 'btime', 'gid', 'mode', 'mtime', 'rdev', 'uid'])

/** Whether this system can be asked for extended attributes at all. */
export function keepsAttributes(): boolean {
  return systemCalls()?.attributes !== undefined
}

/** The extended attributes of what `disk` leads to, as metadata without their prefix; {} where they cannot be read. */
export function readAttributes(disk: DiskPath): Metadata {
  const calls = systemCalls()?.attributes
  const found: Record<string, string> = {}
  for (const name of calls?.names(disk) ?? []) {
    const key = name.toLowerCase().slice(prefix.length)
    if (!name.toLowerCase().startsWith(prefix) || system.has(key)) continue
    const value = calls?.value(disk, name)
    if (value) found[key] = nameFromBytes(value)
  }
  return found
}

/**
 * Sets what of `metadata` the file system does not keep itself as extended attributes; where it has none, the log says so once.
 * @throws StorageError 'io' where one of them cannot be set
 */
export function writeAttributes(place: Place, path: Path, file: number | DiskPath, metadata: Metadata): void {
  for (const [key, value] of Object.entries(metadata)) {
    const name = prefix + key.toLowerCase()
    const calls = system.has(key.toLowerCase()) ? undefined : systemCalls()?.attributes
    const error = calls?.set(file, name, nameToBytes(value)) ?? 0
    if (error === 0) continue
    if (error !== constants.errno.ENOTSUP) throw failure(place, 'io', `set attribute ${name} of`, path, textOf(error))
    if (!place.noticed.has(prefix)) {
      const text = 'Metadata of other kinds is not kept: the file system has no extended attributes'
      place.log.log({ level: 'ERROR', object: path, text })
    }
    place.noticed.add(prefix)
    return
  }
}

function textOf(error: number): string {
  return getSystemErrorMap().get(-error)?.[1] ?? `error ${error}`
}
