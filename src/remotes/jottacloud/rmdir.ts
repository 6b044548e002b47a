import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Drive } from './drive.ts'
import { list, noSuchDir } from './list.ts'
import { refusal } from './refusal.ts'
import { stat } from './stat.ts'

/**
 * Removes a directory without live entries: what is trashed or unfinished in it does not count.
 * @throws StorageError 'not-empty', 'dir-not-found'
 */
export async function rmdir(drive: Drive, dir: Path, options: CallOptions = {}): Promise<void> {
  await requireEmpty(drive, dir, options)
  await removeTree(drive, dir, 'rmdir', options)
}

/** @throws StorageError 'not-empty', 'dir-not-found' */
export async function requireEmpty(drive: Drive, dir: Path, options: CallOptions): Promise<void> {
  for await (const page of list(drive, dir, options)) {
    if (page.length === 0) continue
    throw refusal('not-empty', 'the directory is not empty', { drive, operation: 'rmdir', path: dir })
  }
}

/**
 * Moves a directory and all below it to the trash, or removes it for good, in one call.
 * @throws StorageError 'dir-not-found'
 */
export async function purge(drive: Drive, dir: Path, options: CallOptions = {}): Promise<void> {
  const entry = await stat(drive, dir, options)
  if (entry?.kind !== 'dir') throw noSuchDir(drive, dir, 'purge')
  await removeTree(drive, dir, 'purge', options)
}

async function removeTree(drive: Drive, dir: Path, operation: string, { signal }: CallOptions): Promise<void> {
  if (dir === '') {
    const about = { drive, operation, path: dir, hint: 'Remove the directories in it.' }
    throw refusal('invalid-argument', 'the root cannot be removed', about)
  }
  const query: Record<string, string> = drive.hardDelete ? { rmDir: 'true' } : { dlDir: 'true' }
  try {
    const response = await drive.jfs.command({
      operation,
      path: dir,
      stored: drive.spellings.stored(dir),
      query,
      signal,
    })
    await response.discard()
  } catch (error) {
    // it was there: the request went through before, and its answer was lost
    if (!isStorageError(error, 'not-found')) throw error
  }
}
