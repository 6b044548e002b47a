import { Buffer } from 'node:buffer'
import type { BigIntStats } from 'node:fs'
import { fdatasync as fdatasyncCallback, fstatSync } from 'node:fs'
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
import { arrive, closeTemporary, isAbandoned, isStill, openTemporary } from './in-use.ts'
import { fileEntry, linkTarget, lstat } from './look.ts'
import { makeParent } from './mkdir.ts'
import { createPartsCheck, joined } from './parts-check.ts'
import type { Place } from './place.ts'
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
  const { suffix, root } = options.partial ?? {}
  const temporary = temporaryPath(path, suffix, fingerprintKey(path, source, root))
  const record = claimed(unfinished, temporary)
  if (record === 'taken') return undefined
  try {
    const wanted = { hash: `${type}:${promised}`, size }
    const known = record?.hash === wanted.hash && record.size === size ? record : undefined
    const opened = openKnown(place, temporary, known) ?? openNew(place, path, temporary)
    if (!opened) {
      unfinished.release(temporary)
      return undefined
    }
    const { fd, inode, whole } = opened
    const start = { ...wanted, inode, whole }
    unfinished.put(temporary, start)
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
  let settled = false
  const close = (): void => {
    check.stop()
    if (open) closeTemporary(temporary, fd)
    open = false
  }
  const discard = (why: unknown): void => {
    if (settled) return
    settled = true
    const ours = !open || isStill(place, temporary, fd)
    close()
    unfinished.forget(temporary)
    if (!ours) return
    const text = `Removing partially written file on error: ${messageOf(why)}`
    place.log.log({ level: 'NOTICE', object: temporary, text })
    removeQuietly(place, temporary)
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
      } catch (error) {
        discard(error)
        throw error
      }
      // What is whole stays for a later run where its metadata cannot be had
      const entry = await finish(place, { path, temporary, fd, close }, file.finishing)
      settled = true
      unfinished.forget(temporary)
      return { ...fileEntry(path, entry), hashes: { [file.type]: file.promised } } satisfies FileEntry
    },
    discard,
    async [Symbol.asyncDispose]() {
      if (settled) return
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

type Opened = Pick<Start, 'inode' | 'whole'> & { readonly fd: number }

/** The partial file that the record was made of; undefined where it is gone or another. */
function openKnown(place: Place, temporary: Path, known: Start | undefined): Opened | undefined {
  if (!known || !lstat(place, temporary)) return undefined
  const fd = onDisk(place, 'open', temporary, () => openTemporary(temporary, 'r+'))
  if (inodeOf(fstatSync(fd, { bigint: true })) === known.inode) return { ...known, fd }
  closeTemporary(temporary, fd)
  return undefined
}

/** A new partial file; undefined where another one is in the way that somebody may be at work on. */
function openNew(place: Place, path: Path, temporary: Path): Opened | undefined {
  arrive(place)
  if (isAbandoned(place, temporary)) removeQuietly(place, temporary)
  const make = (): number => openTemporary(temporary, 'wx+')
  let fd: number
  try {
    fd = make()
  } catch (error) {
    const system = systemCode(error) ?? ''
    if (system === 'EEXIST') return undefined
    if (!['ENOENT', 'ENOTDIR'].includes(system)) throw translated(place, 'open', path, error)
    makeParent(place, path)
    fd = onDisk(place, 'open', path, make)
  }
  return { fd, inode: inodeOf(fstatSync(fd, { bigint: true })), whole: [] }
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
