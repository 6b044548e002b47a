import { Buffer } from 'node:buffer'
import type { BigIntStats } from 'node:fs'
import { readlinkSync, renameSync, rmSync, statSync } from 'node:fs'
import { isAbsolute, sep } from 'node:path'
import type { FileEntry } from '../../core/entry.ts'
import { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { isWithin, parent } from '../../core/path.ts'
import type { MoveCallOptions } from '../../core/remote.ts'
import type { CallOptions } from '../../core/stream.ts'
import { absent, failure, onDisk } from './failure.ts'
import { isRespelled } from './letter-case.ts'
import { fileEntry, linkTarget, look, lstat } from './look.ts'
import { makeParent } from './mkdir.ts'
import type { DiskPath, Place } from './place.ts'
import { diskPath } from './place.ts'
import { temporaryPath } from './temporary.ts'

/** `Remote.move`: a rename; 'unsupported' between file systems. */
export async function move(
  place: Place,
  from: Path,
  to: Path,
  { signal, replaceNothing, bareLink }: MoveCallOptions = {},
): Promise<FileEntry> {
  signal?.throwIfAborted()
  const seen = look(place, from, bareLink)
  if (!seen) throw absent(place, 'not-found', 'rename', from)
  if (seen.kind === 'dir') throw failure(place, 'is-dir', 'rename', from, 'is a directory')
  const target = (seen.kind === 'link' ? linkTarget(place, to) : to) ?? to
  const replaced = lstat(place, target)
  const isOne = same(replaced, seen.stats)
  const isItself = isOne && isRespelled(place, from, target)
  if (replaceNothing && replaced && !isItself) throw failure(place, 'exists', 'rename', to, 'file exists')
  if (replaced?.isDirectory()) throw failure(place, 'is-dir', 'rename', to, 'is a directory')
  makeParent(place, target)
  if (seen.kind === 'file' && !leadsTo(place, { from, to }, seen.stats))
    throw failure(place, 'unsupported', 'rename', from, 'the symbolic link would lead elsewhere')
  onDisk(place, 'rename', from, () => {
    if (isOne && from !== to) renameByWay(seen.disk, diskPath(target), diskPath(temporaryPath(from)))
    else renameSync(seen.disk, diskPath(target))
  })
  return fileEntry(to, seen.stats)
}

/** `Remote.moveDir`: a rename, of a link too; 'unsupported' between file systems. */
export async function moveDir(place: Place, from: Path, to: Path, { signal }: CallOptions = {}): Promise<void> {
  signal?.throwIfAborted()
  const stats = lstat(place, from)
  const other = lstat(place, to)
  // Where case is ignored a new spelling finds the directory itself.
  if (other && !(stats && same(other, stats) && isRespelled(place, from, to)))
    throw failure(place, 'exists', 'rename', to, 'file exists')
  if (!stats?.isDirectory() && !stats?.isSymbolicLink()) {
    const text = `rename ${place.shown(from)} ${place.shown(to)}: no such file or directory`
    throw new StorageError('dir-not-found', text, { details: { operation: 'rename', path: from, system: 'ENOENT' } })
  }
  if (from !== to && isWithin(to, from)) throw failure(place, 'invalid-argument', 'rename', from, 'invalid argument')
  makeParent(place, to)
  onDisk(place, 'rename', from, () => {
    if (other && from !== to) renameByWay(diskPath(from), diskPath(to), diskPath(temporaryPath(from)))
    else renameSync(diskPath(from), diskPath(to))
  })
}

/**
 * Between two names of one file a rename does nothing: between two hard links, whose old name has to go, and under Linux between
 * two spellings on a disk that ignores case. But two paths can also be one name, by a linked directory or a second mount, and that
 * name has to stay.
 */
function renameByWay(from: DiskPath, to: DiskPath, aside: DiskPath): void {
  renameSync(from, aside)
  try {
    renameSync(aside, to)
  } catch (error) {
    renameSync(aside, from)
    throw error
  }
  rmSync(aside, { force: true })
}

/** Whether `from`, should it be a link, leads to this file under its new name too. */
function leadsTo(place: Place, { from, to }: { readonly from: Path; readonly to: Path }, file: BigIntStats): boolean {
  if (!lstat(place, from)?.isSymbolicLink()) return true
  const target = onDisk(place, 'readlink', from, () => readlinkSync(diskPath(from), 'buffer'))
  const dir = diskPath(parent(to))
  const start = typeof dir === 'string' ? Buffer.from(dir) : dir
  const there = isAbsolute(target.toString()) ? target : Buffer.concat([start, Buffer.from(sep), target])
  return same(statSync(there, { bigint: true, throwIfNoEntry: false }), file)
}

function same(a: BigIntStats | undefined, b: BigIntStats): boolean {
  return a?.ino === b.ino && a.dev === b.dev
}
