import { option } from '../option.ts'
import { bool, text } from '../types.ts'

/** What a run remembers and what it tells when it is over; not in rclone. */
export const runOptions = {
  report: option(text, '', 'A file for a report of the run, as JSON', { group: 'Logging' }),
  reportFailed: option(
    text,
    '',
    'A file for the paths that failed or that a limit or signal cut off, each ended by a NUL, for --files-from0',
    { group: 'Logging' },
  ),
  noHashCache: option(bool, false, 'Read local files anew for every checksum', { group: 'Performance' }),
  cacheDir: option(text, '', "Where fjord remembers things instead of the user's cache folder", { group: 'Config' }),
}
