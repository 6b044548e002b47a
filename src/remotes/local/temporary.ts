import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { closeSync, fstatSync, openSync, renameSync, rmSync, writevSync } from 'node:fs'
import { fsync as fsyncCallback, writev as writevCallback } from 'node:fs'
import { platform } from 'node:os'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { isStorageError } from '../../core/errors.ts'
import { nameFromBytes, nameToBytes } from '../../core/names.ts'
import type { FindMetadata, Metadata } from '../../core/metadata.ts'
import { findMetadata } from '../../core/metadata.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent, relative } from '../../core/path.ts'
import type { PartialNaming } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import type { Time } from '../../core/time.ts'
import { failure, onDisk, systemCode, translated } from './failure.ts'
import type { Batch } from './gather.ts'
import { goTime } from './go-time.ts'
import { fileEntry, lstat } from './look.ts'
import { applyMetadata, openFile } from './metadata-setting.ts'
import { makeParent } from './mkdir.ts'
import { arrive, closeTemporary, isAbandoned, isStill, openTemporary } from './in-use.ts'
import type { Place } from './place.ts'
import { diskPath } from './place.ts'

const writev = promisify(writevCallback)
const fsync = promisify(fsyncCallback)
const smallSize = 256 * 1024
/** Up to here a name may grow by the ending of a temporary file. */
const longestName = 100

/** What a file gets when it is whole. */
export interface Finishing {
  readonly modified: Time | undefined
  readonly metadata: Metadata | FindMetadata | undefined
  /** Permissions where metadata does not name any. */
  readonly mode: number | undefined
  readonly durable: boolean
}

/** A file that is being written beside the one it is to become. */
export interface Temporary {
  /** Bytes written. */
  length(): number
  write(batch: Batch): Promise<void>
  /** Sets time and mode, and gives it the name it was made for. */
  commit(finishing: Finishing): Promise<BigIntStats>
  /** Closes and removes it, whatever state it is in, and says why; never throws. */
  discard(why: unknown): void
}

/** What a temporary file is named by. */
export interface Naming {
  readonly partial: PartialNaming | undefined
  readonly source: Pick<Source, 'size' | 'modified' | 'known'>
}

/** Makes an empty temporary file for `path`, and the directory where it is missing. */
export function createTemporary(place: Place, path: Path, naming: Naming): Temporary {
  const { temporary, fd } = create(place, path, naming)
  let length = 0
  let open = true
  let whole = false

  const close = (): void => {
    if (!open) return
    open = false
    closeTemporary(temporary, fd)
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
    commit: (finishing) => {
      whole = true
      return finish(place, { path, temporary, fd, close }, finishing)
    },
    discard(why) {
      let ours = true
      try {
        if (open) ours = isStill(place, temporary, fd)
        close()
      } catch {
        // The file goes away; how closing it failed does not matter.
      }
      if (!ours) return
      if (whole) place.log.log({ level: 'INFO', object: temporary, text: 'Removing failed copy' })
      else if (isStorageError(why)) {
        const text = `Removing partially written file on error: ${why.message}`
        place.log.log({ level: 'NOTICE', object: temporary, text })
      }
      removeQuietly(place, temporary)
    },
  }
}

/** Sets owner, mode and times of a file that is whole, and gives it its name. */
export async function finish(
  place: Place,
  file: { readonly path: Path; readonly temporary: Path; readonly fd: number; readonly close: () => void },
  { modified, metadata, mode, durable }: Finishing,
): Promise<BigIntStats> {
  const { path, temporary, fd } = file
  const found = await findMetadata(metadata, temporary)
  applyMetadata(place, path, openFile(fd), found, { modified, mode })
  const stats = (): BigIntStats => onDisk(place, 'stat', path, () => fstatSync(fd, { bigint: true }))
  if (temporary !== path && typeof metadata === 'function') {
    const more = await metadata(temporary, fileEntry(temporary, stats()))
    if (more) applyMetadata(place, path, openFile(fd), more)
  }
  const finished = stats()
  if (durable) await synced(place, path, fd)
  if (!isStill(place, temporary, fd))
    throw failure(place, 'changed', 'rename', path, 'the temporary file was removed or replaced')
  onDisk(place, 'close', path, file.close)
  if (temporary !== path) onDisk(place, 'rename', path, () => renameSync(diskPath(temporary), diskPath(path)))
  if (durable) await directorySynced(place, parent(path))
  return finished
}

/** Removes a temporary file; that it cannot be removed must not hide the error that made it useless. */
export function removeQuietly(place: Place, temporary: Path): void {
  try {
    rmSync(diskPath(temporary), { force: true })
  } catch (error) {
    place.log.log({ level: 'ERROR', object: temporary, text: `Failed to remove the temporary file: ${String(error)}` })
  }
}

/**
 * `name.XXXXXXXX.partial` beside `path`, the name cut where it would grow beyond 100 bytes (docs: rclone's surface 5.5).
 * @param key eight hexadecimal digits; default: random ones
 */
export function temporaryPath(path: Path, suffix = '.partial', key = randomBytes(4).toString('hex')): Path {
  const ending = `.${key}${suffix}`
  const name = basename(path)
  const length = nameToBytes(name).length
  return join(parent(path), (length > longestName ? cut(name, length - ending.length) : name) + ending)
}

/** The same for the same content below `root`: what an earlier run left is found again (docs: rclone's surface 5.5). */
export function fingerprintKey(path: Path, { size, modified, known }: Naming['source'], root = parent(path)): string {
  const parts = [size ?? -1, modified === undefined ? '' : goTime(modified), known.md5].filter(
    (part) => part !== undefined,
  )
  return crc32(nameToBytes(relative(path, root) + parts.join(',')))
    .toString(16)
    .padStart(8, '0')
}

/** `name`, or its beginning of at most `limit` bytes and whole characters. */
function cut(name: string, limit: number): string {
  const bytes = nameToBytes(name)
  if (bytes.length <= limit) return name
  let end = limit
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return nameFromBytes(bytes.subarray(0, end))
}

interface Created {
  readonly temporary: Path
  readonly fd: number
}

function create(place: Place, path: Path, naming: Naming): Created {
  try {
    return createFile(place, path, naming)
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw translated(place, 'open', path, error)
  }
  makeParent(place, path)
  return onDisk(place, 'open', path, () => createFile(place, path, naming))
}

/** Under the name that belongs to the content, unless somebody else is at work on it. */
function createFile(place: Place, path: Path, { partial, source }: Naming): Created {
  if (partial?.inPlace && hasOneName(place, path)) return { temporary: path, fd: openSync(diskPath(path), 'w') }
  arrive(place)
  const own = temporaryPath(path, partial?.suffix, fingerprintKey(path, source, partial?.root))
  for (const temporary of [own, own, temporaryPath(path, partial?.suffix)]) {
    try {
      return { temporary, fd: openTemporary(temporary, 'wx') }
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
    }
    if (isAbandoned(place, own)) removeQuietly(place, own)
  }
  throw failure(place, 'exists', 'open', path, 'temporary files are in the way')
}

/** What a link or another name also leads to would be changed there too. */
function hasOneName(place: Place, path: Path): boolean {
  const there = lstat(place, path)
  return !there || (there.isFile() && there.nlink <= 1n)
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
