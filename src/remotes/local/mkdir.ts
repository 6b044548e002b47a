import { mkdirSync } from 'node:fs'
import type { ErrorCode } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import { makeEach } from '../../util/make-dirs.ts'
import { failure, systemCode, translated } from './failure.ts'
import { follow, lstat } from './look.ts'
import type { Place } from './place.ts'
import { diskPath } from './place.ts'

/** `Remote.mkdir`. */
export async function mkdir(place: Place, dir: Path, { signal }: CallOptions = {}): Promise<void> {
  signal?.throwIfAborted()
  make(place, dir, 'exists')
}

/** Makes the directory that is to hold `path`. @throws StorageError 'not-dir' */
export function makeParent(place: Place, path: Path): void {
  make(place, parent(path), 'not-dir')
}

/** @param code of the error where a file has the name of `dir` itself */
function make(place: Place, dir: Path, code: ErrorCode): void {
  try {
    makeEach(dir, (each) => mkdirSync(diskPath(each)), parent)
  } catch (error) {
    if (!['EEXIST', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw translated(place, 'mkdir', dir, error)
    if (follow(place, dir)?.isDirectory()) return
    const obstacle = nearest(place, dir)
    throw failure(place, obstacle === dir ? code : 'not-dir', 'mkdir', obstacle, 'not a directory')
  }
}

/** `path`, or the nearest above it that exists. */
function nearest(place: Place, path: Path): Path {
  return path === '' || lstat(place, path) ? path : nearest(place, parent(path))
}
