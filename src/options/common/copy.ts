import { option } from '../option.ts'
import { bool, duration, int } from '../types.ts'

const copy = { group: 'Copy' }
const important = { group: 'Important' }
const performance = { group: 'Performance' }

/** How files are compared and transferred, and how often something is tried. */
export const copyOptions = {
  dryRun: option(bool, false, 'Change nothing, say what would be done', { ...important, short: 'n' }),
  checksum: option(bool, false, 'Compare by size and checksum instead of size and time', { ...copy, short: 'c' }),
  sizeOnly: option(bool, false, 'Compare by size alone', copy),
  ignoreTimes: option(bool, false, 'Transfer everything, also what looks the same', { ...copy, short: 'I' }),
  ignoreExisting: option(bool, false, 'Leave alone what the destination has', copy),
  ignoreSize: option(bool, false, 'Compare by time or checksum without the size', copy),
  modifyWindow: option(duration, 1n, 'How far apart two times may be and still be the same', copy),
  noTraverse: option(bool, false, 'Look up each file in the destination instead of listing it', copy),
  noCheckDest: option(bool, false, 'Do not look at the destination, transfer everything', copy),
  noUnicodeNormalization: option(bool, false, 'Do not match names that differ in Unicode form only', copy),
  transfers: option(int, 4, 'How many files are transferred at once', performance),
  checkers: option(int, 8, 'How many files or directories are looked at once', performance),
  retries: option(int, 3, 'How often a command that failed is run in all', copy),
  retriesSleep: option(duration, 0n, 'How long to wait before a command is run again', copy),
  lowLevelRetries: option(int, 10, 'How often one request is made in all', copy),
  errorOnNoTransfer: option(bool, false, 'End with exit code 9 when no file was transferred', copy),
}
