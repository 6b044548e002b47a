import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Drive } from './drive.ts'
import { list } from './list.ts'

/**
 * Makes sure that it is known how `path` is stored: of the directories on the way, those that may hold one of its names in
 * another program's spelling and have not been listed yet are listed now. For most names there are none.
 */
export async function settleSpelling(drive: Drive, path: Path, options: CallOptions): Promise<void> {
  for (const dir of drive.spellings.doubtful(path)) {
    try {
      for await (const _ of list(drive, dir, options));
    } catch (error) {
      if (!isStorageError(error, 'dir-not-found')) throw error
      drive.spellings.listed(dir, true) // nothing is there, nor below
      return
    }
  }
}
