import { statfsSync } from 'node:fs'
import { isStorageError, StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { Usage } from '../../core/remote.ts'
import type { CallOptions } from '../../core/stream.ts'
import { onDisk } from './failure.ts'
import type { Place } from './place.ts'
import { diskPath } from './place.ts'

/** `Remote.about`: of the file system that `path` lies on; `free` is what may be used without being root. */
export async function about(place: Place, path: Path, { signal }: CallOptions = {}): Promise<Usage> {
  signal?.throwIfAborted()
  try {
    const { blocks, bfree, bavail, bsize } = onDisk(place, 'statfs', path, () => statfsSync(diskPath(path)))
    return { total: blocks * bsize, used: (blocks - bfree) * bsize, free: bavail * bsize }
  } catch (error) {
    if (!isStorageError(error, 'not-found', 'not-dir')) throw error
    throw new StorageError('dir-not-found', 'directory not found', {
      details: { operation: 'about', path },
      cause: error,
    })
  }
}
