import type { Path } from '../../core/path.ts'
import type { RemoveOptions } from '../../core/remote.ts'
import type { Drive } from './drive.ts'
import { refusal } from './refusal.ts'
import type { Refused } from './refuse-changes.ts'
import { readOnly, refuseChanges } from './refuse-changes.ts'
import { removeForGood } from './remove-for-good.ts'
import { lookUp } from './stat.ts'

/** Why nothing is changed with trashed_only, where live folders only look empty. */
export const trashedOnlyIsReadOnly = 'with trashed_only only the trash is seen, so nothing may be changed'

/** What changes something where only the trash is seen: nothing but the removal for good that somebody asks for by name. */
export function trashedOnlyMembers(drive: Drive): Refused {
  return {
    ...refuseChanges(drive, trashedOnlyIsReadOnly),
    remove: (path, options) => removeTrashed(drive, path, options),
  }
}

/**
 * With hard_delete, removes for good what is in the trash; it is looked at just before.
 * @throws StorageError 'read-only'; 'not-found'; 'changed' for what is no longer in the trash
 */
async function removeTrashed(drive: Drive, path: Path, options: RemoveOptions = {}): Promise<void> {
  const operation = 'remove'
  if (!drive.hardDelete || options.requested !== true) {
    throw readOnly(drive, operation, { path, why: trashedOnlyIsReadOnly })
  }
  const about = { drive, operation, path }
  const item = await lookUp(drive, path, options)
  if (item?.kind === 'dir') throw refusal('is-dir', 'it is a directory', about)
  if (!item) throw refusal('not-found', 'there is no such file', about)
  if (!item.deleted) throw refusal('changed', 'it is not in the trash, and left alone', about)
  await removeForGood(drive, path, options)
}
