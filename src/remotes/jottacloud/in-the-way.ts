import type { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Drive } from './drive.ts'
import { refusal } from './refusal.ts'
import { lookUp } from './stat.ts'

/**
 * The error that says what keeps anything from being put at `path`: a directory of the name, a file that has the name of a
 * directory on the way, or something in the trash; undefined where nothing is in the way.
 */
export async function inTheWay(
  drive: Drive,
  path: Path,
  operation: string,
  options: CallOptions,
): Promise<StorageError | undefined> {
  const about = { drive, operation, path }
  let trashed = false
  for (let above = path; above !== ''; above = parent(above)) {
    const item = await lookUp(drive, above, options)
    const live = item && !item.deleted
    if (live && item.kind === 'dir') {
      if (above === path) return refusal('is-dir', 'a directory has this name', about)
      break
    }
    if (live && above !== path && item.kind === 'file' && item.current) {
      const hint = 'Rename or remove that file.'
      return refusal('not-dir', `a file has the name ${above}`, { ...about, hint })
    }
    trashed ||= item?.deleted === true
  }
  return trashed ? trashedInTheWay(drive, path, operation) : undefined
}

/** The error where something in the trash keeps its path from being used. */
export function trashedInTheWay(drive: Drive, path: Path, operation: string): StorageError {
  const why = 'what was deleted under this name is in the way'
  const hint = `Empty the trash with "fjord cleanup ${drive.name}:", for good, or choose another name.`
  return refusal('unsupported', why, { drive, operation, path, hint })
}
