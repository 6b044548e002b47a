import { Buffer } from 'node:buffer'
import type { BigIntStats } from 'node:fs'
import { closeSync, constants, fdatasync as fdatasyncCallback, fstatSync, ftruncateSync, openSync } from 'node:fs'
import { writev as writevCallback } from 'node:fs'
import { promisify } from 'node:util'
import type { FileEntry } from '../../core/entry.ts'
import { messageOf } from '../../core/errors.ts'
import type { CryptoHashType } from '../../core/hash.ts'
import { cryptoHashTypes } from '../../core/hash.ts'
import type { Path } from '../../core/path.ts'
import type { UnfinishedFiles } from '../../core/remembered.ts'
import type { PartsWriter, WriteOptions } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import { onDisk, systemCode, translated } from './failure.ts'
import { fileEntry, linkTarget } from './look.ts'
import { makeParent } from './mkdir.ts'
import { createPartsCheck, joined } from './parts-check.ts'
import type { Place } from './place.ts'
import { diskPath } from './place.ts'
import type { Finishing } from './temporary.ts'
import { fingerprintKey, finish, removeQuietly, temporaryPath } from './temporary.ts'
import { finishingOf } from './write.ts'

const writev = promisify(writevCallback)
const fdatasync = promisify(fdatasyncCallback)

/**
 * `Remote.openParts`: a partial file beside the target, and a record of what of it is on the disk. The record is believed only
 * of the very file it was made of, and the whole is read and compared with the source's hash before it is shown.
 */
export async function openParts(
  place: Place,
  path: Path,
  source: Source,
  options: WriteOptions = {},
): Promise<PartsWriter | undefined> {
  options.signal?.throwIfAborted()
  const unfinished = place.remembered?.unfinished
  const type = cryptoHashTypes.find((known) => source.known[known] !== undefined)
  const promised = type && source.known[type]
  const { size } = source
  if (!unfinished || !type || promised === undefined || size === undefined) return undefined
  if (options.partial?.inPlace || linkTarget(place, path) !== undefined) return undefined
  const finishing = finishingOf(place, path, source, options)
  const temporary = temporaryPath(path, options.partial?.suffix, fingerprintKey(path, source))
  const record = claimed(unfinished, temporary)
  if (record === 'taken') return undefined
  try {
    const { fd, stats } = openPartial(place, path, temporary)
    const hash = `${type}:${promised}`
    const fits = record?.hash === hash && record.size === size && record.inode === inodeOf(stats)
    if (!fits) onDisk(place, 'truncate', path, () => ftruncateSync(fd, 0))
    const start = { hash, size, inode: inodeOf(stats), whole: fits ? record.whole : [] }
    return createWriter({ place, path, temporary, fd, unfinished, type, promised, finishing }, start)
  } catch (error) {
    unfinished.release(temporary)
    throw error
  }
}

interface Partial {
  readonly place: Place
  readonly path: Path
  readonly temporary: Path
  readonly fd: number
  readonly unfinished: UnfinishedFiles
  readonly type: CryptoHashType
  readonly promised: string
  readonly finishing: Finishing
}

type Start = NonNullable<Exclude<ReturnType<UnfinishedFiles['claim']>, 'taken'>>

function createWriter(file: Partial, start: Start): PartsWriter {
  const { place, path, temporary, fd, unfinished } = file
  const check = createPartsCheck({ ...file, size: start.size }, start.whole)
  let whole = start.whole
  let open = true
  const close = (): void => {
    check.stop()
    if (open) closeSync(fd)
    open = false
  }
  const discard = (why: unknown): void => {
    close()
    const text = `Removing partially written file on error: ${messageOf(why)}`
    place.log.log({ level: 'NOTICE', object: temporary, text })
    removeQuietly(place, temporary)
    unfinished.forget(temporary)
  }
  return {
    have: start.whole,
    async write(at, chunks) {
      try {
        await writeAll(fd, at, chunks)
      } catch (error) {
        throw translated(place, 'write', path, error)
      }
      check.wrote({ from: at, to: at + lengthOf(chunks) })
    },
    async keep(part) {
      await fdatasync(fd)
      whole = joined([...whole, part])
      unfinished.put(temporary, { ...start, whole })
    },
    async commit() {
      try {
        await check.whole()
        const entry = await finish(place, { path, temporary, fd, close }, file.finishing)
        unfinished.forget(temporary)
        return { ...fileEntry(path, entry), hashes: { [file.type]: file.promised } } satisfies FileEntry
      } catch (error) {
        discard(error)
        throw error
      }
    },
    discard,
    async [Symbol.asyncDispose]() {
      if (!open) return
      close()
      if (whole.length === 0) {
        removeQuietly(place, temporary)
        unfinished.forget(temporary)
      } else unfinished.release(temporary)
    },
  }
}

function claimed(unfinished: UnfinishedFiles, temporary: Path): ReturnType<UnfinishedFiles['claim']> {
  try {
    return unfinished.claim(temporary)
  } catch {
    // Where nothing can be remembered the file is written in one go
    return 'taken'
  }
}

function openPartial(place: Place, path: Path, temporary: Path): { readonly fd: number; readonly stats: BigIntStats } {
  const flags = constants.O_RDWR | constants.O_CREAT
  const make = (): number => openSync(diskPath(temporary), flags, 0o666)
  let fd: number
  try {
    fd = make()
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw translated(place, 'open', path, error)
    makeParent(place, path)
    fd = onDisk(place, 'open', path, make)
  }
  return { fd, stats: fstatSync(fd, { bigint: true }) }
}

async function writeAll(fd: number, at: number, chunks: readonly Uint8Array[]): Promise<void> {
  const length = lengthOf(chunks)
  const { bytesWritten } = await writev(fd, [...chunks], at)
  if (bytesWritten < length) await writeAll(fd, at + bytesWritten, [Buffer.concat(chunks).subarray(bytesWritten)])
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}

/** An inode is given to a new file when its old one is gone: the time of birth tells them apart where there is one. */
function inodeOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`
}
