import { option } from '../option.ts'
import { sizeOff } from '../size.ts'
import { bool, float, int, int64, nativeBool, size, text } from '../types.ts'

const sync = { group: 'Sync' }

/** What is deleted, and what is kept of it (rclone's surface 2.3, Sync). */
export const syncOptions = {
  deleteBefore: option(nativeBool, false, 'Delete from the destination before anything is transferred', sync),
  deleteDuring: option(nativeBool, false, 'Delete from the destination while files are transferred', sync),
  deleteAfter: option(nativeBool, false, 'Delete from the destination when all is transferred (default)', sync),
  maxDelete: option(int64, -1, 'How many files may be deleted', sync),
  maxDeleteSize: option(size, sizeOff, 'How much may be deleted', sync),
  maxDeletePercent: option(float, -1, 'Delete nothing when more than so many percent of the files would go', sync),
  minSourcePercent: option(
    float,
    -1,
    'Delete nothing when the source has fewer than so many percent of the files or bytes of the last good run',
    sync,
  ),
  ignoreErrors: option(bool, false, 'Delete even where there were errors', sync),
  backupDir: option(text, '', 'Where files go that would be overwritten or deleted', sync),
  suffix: option(text, '', 'What is added to the names of files that would be overwritten or deleted', sync),
  suffixKeepExtension: option(bool, false, 'Put that before the extension of the name', sync),
  trackRenames: option(bool, false, 'Rename in the destination what was renamed in the source', sync),
  trackRenamesStrategy: option(text, 'hash', 'How renamed files are recognised: hash, modtime, leaf', sync),
  fixCase: option(bool, false, 'Rename what differs from the source in upper and lower case', sync),
  listCutoff: option(int, 1_000_000, 'From how many entries on a listing is sorted on disk', {
    ...sync,
    effect: 'none',
  }),
}
