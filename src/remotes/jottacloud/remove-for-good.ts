import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Drive } from './drive.ts'

/** Removes a file with all its revisions, past the trash (docs/protocol.md §4.14, rm); fine where there is none. */
export async function removeForGood(drive: Drive, path: Path, { signal }: CallOptions): Promise<void> {
  const call = { operation: 'remove', path, stored: drive.spellings.stored(path), signal }
  try {
    const response = await drive.jfs.command({ ...call, query: { rm: 'true' } })
    await response.discard()
  } catch (error) {
    if (!isStorageError(error, 'not-found')) throw error
  }
}

/** Removes a directory with all below it, past the trash (docs/protocol.md §4.14, rmDir); fine where there is none. */
export async function removeTreeForGood(drive: Drive, dir: Path, { signal }: CallOptions): Promise<void> {
  const call = { operation: 'remove', path: dir, stored: drive.spellings.stored(dir), signal }
  try {
    const response = await drive.jfs.command({ ...call, query: { rmDir: 'true' } })
    await response.discard()
  } catch (error) {
    if (!isStorageError(error, 'not-found')) throw error
  }
}
