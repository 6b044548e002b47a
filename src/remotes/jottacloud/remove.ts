import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { mayBeAlike } from '../../core/entry.ts'
import type { RemoveOptions } from '../../core/remote.ts'
import type { Drive } from './drive.ts'
import { refusal } from './refusal.ts'
import { stat } from './stat.ts'

/**
 * Moves a file to the trash, or removes it for good (docs/protocol.md §4.14). It is looked at first: the service answers
 * "done" for what lies in the trash already, and a hard delete would take it out of the trash unasked.
 * @throws StorageError 'not-found', 'is-dir', 'changed' where it has other content than `expect`
 */
export async function remove(drive: Drive, path: Path, options: RemoveOptions = {}): Promise<void> {
  const entry = await stat(drive, path, options)
  const about = { drive, operation: 'remove', path }
  if (entry?.kind !== 'file') {
    throw entry ? refusal('is-dir', 'it is a directory', about) : refusal('not-found', 'there is no such file', about)
  }
  if (options.expect && !mayBeAlike(entry, options.expect))
    throw refusal('changed', 'it has other content since it was listed', about)
  const query: Record<string, string> = drive.hardDelete ? { rm: 'true' } : { dl: 'true' }
  try {
    const stored = drive.spellings.stored(path)
    const response = await drive.jfs.command({ operation: 'remove', path, stored, query, signal: options.signal })
    await response.discard()
  } catch (error) {
    // it was there: the request went through before, and its answer was lost
    if (!isStorageError(error, 'not-found')) throw error
  }
}
