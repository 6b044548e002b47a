import { statfsSync } from 'node:fs'
import { platform } from 'node:os'
import type { FileEntry } from '../../core/entry.ts'
import type { HashType } from '../../core/hash.ts'
import { cryptoHashTypes } from '../../core/hash.ts'
import { hashStream } from '../../core/open-hasher.ts'
import type { HashOptions } from '../../core/remote.ts'
import type { FileIdentity } from '../../core/remembered.ts'
import { timeFrom } from '../../core/time.ts'
import type { CallOptions } from '../../core/stream.ts'
import { hashInThread } from './hash-thread.ts'
import { look } from './look.ts'
import { checkUnchanged, closeFile, open, openFile } from './open.ts'
import type { DiskPath, Place } from './place.ts'

/** From this size on a file is hashed in a thread. */
const bigSize = 8 * 1024 * 1024

/**
 * `Remote.hash`: reads the file, unless a remembered hash will do and there is one of exactly this content.
 * @throws StorageError 'changed' where it is not the one of `entry` any more
 */
export async function hash(
  place: Place,
  entry: FileEntry,
  type: HashType,
  { remembered, ...options }: HashOptions = {},
): Promise<string> {
  const memory = place.remembered?.hashes
  const before = memory && identityOf(place, entry)
  const known = remembered && before ? memory?.get(before, type) : undefined
  if (known !== undefined) return known
  const readAt = timeFrom(Date.now())
  const found = await read(place, entry, type, options)
  const after = memory && identityOf(place, entry)
  if (before && after && isSame(before, after)) memory?.put(after, { [type]: found }, readAt)
  return found
}

/** Reads the whole file: a big one in a thread of its own, since the main one has transfers to serve. */
async function read(place: Place, entry: FileEntry, type: HashType, options: CallOptions): Promise<string> {
  const seen = look(place, entry.path)
  const quick = cryptoHashTypes.find((own) => own === type)
  if (!quick || seen?.kind === 'link' || (entry.size ?? 0) < bigSize) {
    await using reader = await open(place, entry.path, { ...options, expect: entry })
    return await hashStream(type, reader.stream({}, options))
  }
  const file = openFile(place, entry.path, { ...options, expect: entry, seen })
  try {
    const found = await hashInThread(file.fd, entry.size ?? 0, { type: quick, signal: options.signal })
    checkUnchanged(file, false)
    return found
  } finally {
    closeFile(file)
  }
}

/** What tells this content from any other; undefined where the file is not the one of `entry`, or its disk cannot tell. */
function identityOf(place: Place, entry: FileEntry): FileIdentity | undefined {
  const seen = look(place, entry.path)
  if (seen?.kind !== 'file') return undefined
  const { dev, ino, size, mtimeNs, ctimeNs } = seen.stats
  if (mtimeNs !== entry.modified || Number(size) !== entry.size || !tellsChanges(dev, seen.disk)) return undefined
  return { path: entry.path, device: dev, inode: ino, size: Number(size), modified: mtimeNs, changed: ctimeNs }
}

function isSame(a: FileIdentity, b: FileIdentity): boolean {
  return a.device === b.device && a.inode === b.inode && a.changed === b.changed && a.modified === b.modified
}

/**
 * File systems whose inodes and change times can be relied on, by the numbers of statfs(2): ext, XFS, Btrfs, F2FS, tmpfs, ZFS.
 * Network drives, FUSE and FAT are none of them.
 */
const reliable: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x01021994, 0x2fc12fc1])
const byDevice = new Map<bigint, boolean>()

function tellsChanges(device: bigint, disk: DiskPath): boolean {
  let tells = byDevice.get(device)
  if (tells === undefined) {
    tells = platform() === 'linux' && reliable.has(typeOf(disk))
    byDevice.set(device, tells)
  }
  return tells
}

function typeOf(disk: DiskPath): number {
  try {
    return statfsSync(disk).type
  } catch {
    return 0
  }
}
