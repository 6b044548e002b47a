import { durationOff } from '../duration.ts'
import type { Option, OptionExtras, ValuesOf } from '../option.ts'
import { option } from '../option.ts'
import { sizeOff } from '../size.ts'
import { bool, duration, size, text, textList } from '../types.ts'

/** Which files and directories a run is about (rclone's surface §4.1). */
export const filterOptions = {
  filter: list('Add a rule: "+ pattern" includes, "- pattern" excludes, "!" forgets the rules so far', { short: 'f' }),
  filterFrom: list('Read rules from this file; - is standard input'),
  include: list('Include files that match this pattern, and exclude all others'),
  includeFrom: list('Read patterns to include from this file; - is standard input'),
  exclude: list('Exclude files that match this pattern'),
  excludeFrom: list('Read patterns to exclude from this file; - is standard input'),
  excludeIfPresent: list('Exclude directories that hold a file of this name'),
  filesFrom: list('Read the only files to look at from this file; - is standard input'),
  filesFromRaw: list('The same, each line taken as it is; - is standard input'),
  filesFrom0: list('The same, each name ended by a NUL; NAME/ is all below a directory; - is standard input'),
  minSize: option(size, sizeOff, 'Only files of at least this size', { group: 'Filter' }),
  maxSize: option(size, sizeOff, 'Only files of at most this size', { group: 'Filter' }),
  minAge: option(duration, durationOff, 'Only files that were changed at least so long ago', { group: 'Filter' }),
  maxAge: option(duration, durationOff, 'Only files that were changed at most so long ago', { group: 'Filter' }),
  hashFilter: option(text, '', 'Only part K of N of all files, by the hash of the path: K/N; @/N picks any', {
    group: 'Filter',
  }),
  ignoreCase: option(bool, false, 'Patterns match in upper and lower case', { group: 'Filter' }),
  deleteExcluded: option(bool, false, 'Delete excluded files from the destination of a sync', { group: 'Filter' }),
  metadataFilter: list('Add a rule for metadata, written key=value'),
  metadataFilterFrom: list('Read rules for metadata from this file; - is standard input'),
  metadataInclude: list('Include files with metadata that matches this pattern, and exclude all others'),
  metadataIncludeFrom: list('Read patterns of metadata to include from this file; - is standard input'),
  metadataExclude: list('Exclude files with metadata that matches this pattern'),
  metadataExcludeFrom: list('Read patterns of metadata to exclude from this file; - is standard input'),
}

/** What of it was asked for. */
export type FilterValues = ValuesOf<typeof filterOptions>

function list(help: string, extras: OptionExtras = {}): Option<readonly string[]> {
  return option(textList, [], help, { group: 'Filter', ...extras })
}
