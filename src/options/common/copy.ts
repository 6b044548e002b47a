import { choice } from '../choice.ts'
import { option } from '../option.ts'
import { sizeOff } from '../size.ts'
import { bool, goDuration, int, size, text, textList } from '../types.ts'

const copy = { group: 'Copy' }
const important = { group: 'Important' }
const performance = { group: 'Performance' }
const mebi = 1024 * 1024
const cutoffMode = choice(['HARD', 'SOFT', 'CAUTIOUS'] as const, { goName: 'fs.cutoffModeChoices' })
const nameCollisions = choice(['error', 'skip'] as const, { goName: 'fs.nameCollisions' })

/** How files are compared and transferred, and how often something is tried (rclone's surface 2.3, Copy). */
export const copyOptions = {
  dryRun: option(bool, false, 'Change nothing, say what would be done', { ...important, short: 'n' }),
  interactive: option(bool, false, 'Ask before every change', { ...important, short: 'i' }),
  checksum: option(bool, false, 'Compare by size and checksum instead of size and time', { ...copy, short: 'c' }),
  sizeOnly: option(bool, false, 'Compare by size alone', copy),
  ignoreTimes: option(bool, false, 'Transfer everything, also what looks the same', { ...copy, short: 'I' }),
  ignoreExisting: option(bool, false, 'Leave alone what the destination has', copy),
  ignoreSize: option(bool, false, 'Compare by time or checksum without the size', copy),
  ignoreChecksum: option(bool, false, 'Do not compare checksums after a transfer', copy),
  update: option(bool, false, 'Leave alone what is newer in the destination', { ...copy, short: 'u' }),
  immutable: option(bool, false, 'Take it for an error when a file that was copied has changed', copy),
  modifyWindow: option(goDuration, 1n, 'How far apart two times may be and still be the same', copy),
  noUpdateModtime: option(bool, false, 'Do not set the time where that is all that differs', copy),
  noUpdateDirModtime: option(bool, false, 'Do not set the times of directories', copy),
  refreshTimes: option(bool, false, 'Set times that differ where no checksum can be compared', copy),
  ignoreCaseSync: option(bool, false, 'Match names in upper and lower case', copy),
  nameCollisions: option(
    nameCollisions,
    'error',
    'What two names that the destination cannot tell apart are: "error", or "skip" all but the first',
    copy,
  ),
  noTraverse: option(bool, false, 'Look up each file in the destination instead of listing it', copy),
  noCheckDest: option(bool, false, 'Do not look at the destination, transfer everything', copy),
  noUnicodeNormalization: option(bool, false, 'Do not match names that differ in Unicode form only', copy),
  checkFirst: option(bool, false, 'Compare everything before the first transfer', copy),
  orderBy: option(
    text,
    '',
    'Order of transfers: name, size or modtime, with ,asc ,desc or ,mixed; or pattern,GLOB,GLOB …',
    copy,
  ),
  maxTransfer: option(size, sizeOff, 'The most that is transferred', copy),
  maxDuration: option(goDuration, 0n, 'The longest that transfers may take; 0 is for ever', copy),
  cutoffMode: option(cutoffMode, 'HARD', 'How such a limit ends the run: HARD, SOFT or CAUTIOUS', copy),
  maxBacklog: option(int, 10_000, 'How many transfers may wait for their turn; below 0 is any number', copy),
  compareDest: option(textList, [], 'Leave out what is the same in this directory; may be repeated', copy),
  copyDest: option(textList, [], 'The same, and copy it from there on the server', copy),
  inplace: option(bool, false, 'Write to the name itself instead of a partial file', copy),
  partialSuffix: option(text, '.partial', 'The end of the names of partial files, up to 16 characters', copy),
  multiThreadCutoff: option(size, 256 * mebi, 'Files from this size on are downloaded in several streams', copy),
  multiThreadStreams: option(int, 4, 'How many streams a big file is downloaded in', copy),
  multiThreadChunkSize: option(size, 64 * mebi, 'How much one of several streams fetches at a time', copy),
  multiThreadWriteBufferSize: option(size, 128 * 1024, 'The buffer of each of several streams', {
    ...copy,
    effect: 'none',
  }),
  serverSideAcrossConfigs: option(bool, false, 'Copy on the server between two remotes of one account', {
    ...copy,
    effect: 'none',
  }),
  streamingUploadCutoff: option(size, 100 * 1024, 'Up to here rcat reads everything before it uploads', copy),
  nameTransform: option(
    textList,
    [],
    'Change names on the way: [file|dir|all,]KIND[=VALUE]; see convmv; may be repeated',
    copy,
  ),
  transfers: option(int, 4, 'How many files are transferred at once', performance),
  checkers: option(int, 8, 'How many files or directories are looked at once', performance),
  bufferSize: option(
    size,
    16 * mebi,
    'How much of a file is read before it can be written; not set: one piece',
    performance,
  ),
  retries: option(int, 3, 'How often a command that failed is run in all', copy),
  retriesSleep: option(goDuration, 0n, 'How long to wait before a command is run again', copy),
  lowLevelRetries: option(int, 10, 'How often one request is made in all', copy),
  errorOnNoTransfer: option(bool, false, 'End with exit code 9 when no file was transferred', copy),
}
