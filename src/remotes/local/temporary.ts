import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { closeSync, fchmodSync, fstatSync, openSync, renameSync, rmSync, writevSync } from 'node:fs'
import { fsync as fsyncCallback, writev as writevCallback } from 'node:fs'
import { platform } from 'node:os'
import { promisify } from 'node:util'
import { nameFromBytes, nameToBytes } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'
import type { Time } from '../../core/time.ts'
import { onDisk, systemCode, translated } from './failure.ts'
import type { Batch } from './gather.ts'
import { makeParent } from './mkdir.ts'
import type { Place } from './place.ts'
import { diskPath } from './place.ts'
import { setOpenTimes } from './times.ts'

const writev = promisify(writevCallback)
const fsync = promisify(fsyncCallback)
const smallSize = 256 * 1024
const longestName = 255

/** A file that is being written beside the one it is to become. */
export interface Temporary {
  /** Bytes written. */
  length(): number
  write(batch: Batch): Promise<void>
  /** Sets time and mode, and gives it the name it was made for. */
  commit(options: {
    readonly modified: Time | undefined
    readonly mode: number | undefined
    readonly durable: boolean
  }): Promise<BigIntStats>
  /** Closes and removes it, whatever state it is in; never throws. */
  discard(): void
}

/** Makes an empty temporary file for `path`, and the directory where it is missing. */
export function createTemporary(place: Place, path: Path): Temporary {
  const temporary = temporaryPath(path)
  const disk = diskPath(temporary)
  const fd = create(place, path, temporary)
  let length = 0
  let open = true

  const close = (): void => {
    if (!open) return
    open = false
    closeSync(fd)
  }

  return {
    length: () => length,
    async write(batch) {
      try {
        await writeAll(fd, batch)
      } catch (error) {
        throw translated(place, 'write', path, error)
      }
      length += batch.length
    },
    async commit({ modified, mode, durable }) {
      if (modified !== undefined && !place.settings.noSetModtime)
        onDisk(place, 'chtimes', path, () => setOpenTimes(fd, modified))
      const stats = onDisk(place, 'stat', path, () => fstatSync(fd, { bigint: true }))
      if (mode !== undefined && Number(stats.mode & 0o777n) !== mode)
        onDisk(place, 'chmod', path, () => fchmodSync(fd, mode))
      if (durable) await synced(place, path, fd)
      onDisk(place, 'close', path, close)
      onDisk(place, 'rename', path, () => renameSync(disk, diskPath(path)))
      if (durable) await directorySynced(place, parent(path))
      return stats
    },
    discard() {
      try {
        close()
      } catch {
        // The file goes away; how closing it failed does not matter.
      }
      removeQuietly(place, temporary)
    },
  }
}

/** Removes a temporary file; that it cannot be removed must not hide the error that made it useless. */
export function removeQuietly(place: Place, temporary: Path): void {
  try {
    rmSync(diskPath(temporary), { force: true })
  } catch (error) {
    place.log.log({ level: 'ERROR', object: temporary, text: `Failed to remove the temporary file: ${String(error)}` })
  }
}

/** `name.XXXXXXXX.partial` beside `path`, the name cut where it would grow beyond what file systems take. */
export function temporaryPath(path: Path): Path {
  const ending = `.${randomBytes(4).toString('hex')}.partial`
  return join(parent(path), cut(basename(path), longestName - ending.length) + ending)
}

/** `name`, or its beginning of at most `limit` bytes and whole characters. */
function cut(name: string, limit: number): string {
  const bytes = nameToBytes(name)
  if (bytes.length <= limit) return name
  let end = limit
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return nameFromBytes(bytes.subarray(0, end))
}

function create(place: Place, path: Path, temporary: Path): number {
  const make = (): number => openSync(diskPath(temporary), 'wx')
  try {
    return make()
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw translated(place, 'open', path, error)
  }
  makeParent(place, path)
  return onDisk(place, 'open', path, make)
}

async function writeAll(fd: number, { chunks, length }: Batch): Promise<void> {
  const written = length <= smallSize ? writevSync(fd, chunks) : (await writev(fd, [...chunks])).bytesWritten
  if (written < length) {
    const rest = Buffer.concat(chunks).subarray(written)
    await writeAll(fd, { chunks: [rest], length: rest.length })
  }
}

async function synced(place: Place, path: Path, fd: number): Promise<void> {
  try {
    await fsync(fd)
  } catch (error) {
    throw translated(place, 'sync', path, error)
  }
}

/** The new name is safe once its directory is; Windows has no such thing. */
async function directorySynced(place: Place, dir: Path): Promise<void> {
  if (platform() === 'win32') return
  const fd = onDisk(place, 'open', dir, () => openSync(diskPath(dir), 'r'))
  try {
    await synced(place, dir, fd)
  } finally {
    closeSync(fd)
  }
}
