import { readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import type { Path } from '../../core/path.ts'
import type { RemoveOptions } from '../../core/remote.ts'
import type { CallOptions } from '../../core/stream.ts'
import { absent, failure, onDisk } from './failure.ts'
import { follow, look, lstat } from './look.ts'
import { differs } from './open.ts'
import type { Place } from './place.ts'
import { diskPath } from './place.ts'

/** `Remote.remove`; of a file that is seen through a link, the link. */
export async function remove(place: Place, path: Path, { signal, expect }: RemoveOptions = {}): Promise<void> {
  signal?.throwIfAborted()
  const seen = look(place, path)
  if (!seen) throw absent(place, 'not-found', 'remove', path)
  if (seen.kind === 'dir') throw failure(place, 'is-dir', 'remove', path, 'is a directory')
  if (expect && !place.settings.noCheckUpdated && differs(expect, seen.stats))
    throw failure(place, 'changed', 'remove', path, 'it has changed since it was listed')
  onDisk(place, 'remove', path, () => unlinkSync(seen.disk))
}

/** `Remote.rmdir`; of a directory that is seen through a link, the link. */
export async function rmdir(place: Place, dir: Path, { signal }: CallOptions = {}): Promise<void> {
  signal?.throwIfAborted()
  const stats = follow(place, dir)
  if (!stats) throw absent(place, 'dir-not-found', 'stat', dir)
  if (!stats.isDirectory()) throw failure(place, 'dir-not-found', 'remove', dir, 'is a file not a directory')
  onDisk(place, 'remove', dir, () => {
    if (!lstat(place, dir)?.isSymbolicLink()) rmdirSync(diskPath(dir))
    else if (isEmpty(dir)) unlinkSync(diskPath(dir))
    else throw failure(place, 'not-empty', 'remove', dir, 'directory not empty')
  })
}

function isEmpty(dir: Path): boolean {
  return readdirSync(diskPath(dir)).length === 0
}
