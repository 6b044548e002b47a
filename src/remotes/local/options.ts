import { choice } from '../../options/choice.ts'
import { encoding } from '../../options/encoding.ts'
import { option } from '../../options/option.ts'
import type { Option, OptionType, ValuesOf } from '../../options/option.ts'
import { bool, commaList, text } from '../../options/types.ts'

const timeType = choice(['mtime', 'atime', 'btime', 'ctime'] as const, { goName: 'backend/local.timeTypeChoices' })

/** What can be set on a local remote (docs: rclone's surface, local backend flags). */
export const localOptions = {
  copyLinks: option(bool, false, 'Follow symbolic links and read what they point to', {
    short: 'L',
    plainFlag: 'copy-links',
    advanced: true,
  }),
  links: option(bool, false, "Show symbolic links as text files of the link's name with '.rclonelink' added", {
    short: 'l',
    plainFlag: 'links',
    advanced: true,
  }),
  skipLinks: option(bool, false, 'Say nothing about symbolic links that are left out', {
    plainFlag: 'skip-links',
    advanced: true,
  }),
  skipSpecials: option(bool, false, 'Say nothing about pipes, sockets and devices that are left out', {
    plainFlag: 'skip-specials',
    advanced: true,
  }),
  oneFileSystem: option(bool, false, 'Do not enter directories that lie on another file system', {
    short: 'x',
    plainFlag: 'one-file-system',
    advanced: true,
  }),
  noCheckUpdated: option(bool, false, 'Do not fail when a file changes while it is read', { advanced: true }),
  noSetModtime: option(bool, false, 'Do not set the times of files and directories', { advanced: true }),
  caseSensitive: option(bool, false, 'Take the file system for one where case matters', { advanced: true }),
  caseInsensitive: option(bool, false, 'Take the file system for one where case does not matter', { advanced: true }),
  hashes: option(commaList, [], 'The only hashes that the disk is to be asked for, by name', { advanced: true }),
  metadataRestoreSpecialBits: option(bool, false, 'With --metadata, also set the setuid, setgid and sticky bits', {
    advanced: true,
  }),
  fatalIfNoSpace: option(bool, false, 'End the whole run when the disk is full', { advanced: true }),
  noPreallocate: pointless(bool, false),
  noSparse: pointless(bool, false),
  noClone: pointless(bool, false),
  zeroSizeLinks: pointless(bool, false),
  nounc: pointless(bool, false),
  unicodeNormalization: missing(bool, false),
  encoding: missing(encoding, ['Slash', 'Dot']),
  timeType: missing(timeType, 'mtime'),
  description: pointless(text, ''),
}

function pointless<T>(type: OptionType<T>, fallback: T): Option<T> {
  return option(type, fallback, "Taken for rclone's sake; has no effect", { advanced: true, effect: 'none' })
}

function missing<T>(type: OptionType<T>, fallback: T): Option<T> {
  return option(type, fallback, 'Not there: refused', { advanced: true, effect: 'missing' })
}

export type LocalSettings = ValuesOf<typeof localOptions>
