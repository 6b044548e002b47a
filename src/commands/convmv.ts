import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { renameDir, renameFile } from '../sync/rename.ts'
import { gateOf } from './gate.ts'
import { nameTransformOf } from './name-transform.ts'

const options = {
  createEmptySrcDirs: option(bool, false, 'Give directories their new names even where nothing is in them'),
  deleteEmptySrcDirs: option(bool, false, 'Delete the directories that are empty afterwards'),
}

const kindsHelp = `    none                              as it is
    nfc  nfd  nfkc  nfkd              a normal form of Unicode
    lowercase  uppercase  titlecase   letter by letter; titlecase is uppercase but for a few digraphs
    ascii                             without all other characters
    prefix=TEXT  suffix=TEXT          with TEXT before or behind it
    suffix_keep_extension=TEXT        with TEXT before the extension
    trimprefix=TEXT  trimsuffix=TEXT  without TEXT at that end
    replace=OLD:NEW                   with NEW for every OLD
    regex=EXPRESSION/NEW              with NEW for every match (RE2's syntax); $1 and \${name} are groups, $$ a dollar
    date=TEXT                         with TEXT behind it, in which {YYYYMMDD}, {DateOnly} … are the time of the run
    truncate=N  truncate_bytes=N      cut to N characters, or to N bytes of UTF-8
    truncate_keep_extension=N  truncate_bytes_keep_extension=N
    base64encode  base64decode        in the alphabet for URLs
    url                               as in the query of a URL
    encoder=NAMES  decoder=NAMES      with look-alikes for what some places refuse, or back: Colon, Question …
    charmap=NAME                      with _ for what a code page lacks: IBM-Code-Page-437, KOI8-R, Windows-1251 …
    ISO-8859-1  Windows-1252  Macintosh
    command=PROGRAM                   what PROGRAM prints when it is given the name`

export const command: Command<typeof options> = {
  name: 'convmv',
  summary: 'Rename files and directories by rules',
  usage: 'remote:path --name-transform KIND[=VALUE]',
  help: `Gives files and directories other names where they are. Nothing is sent, and nothing is overwritten: a new name that
is taken, or that two of them would get, is an error, and the others are renamed. Look first with --dry-run.

The rules are given with --name-transform, which copy, move, sync and check take too: there files arrive, and are found
again, under their new names. A rule is [file|dir|all,]KIND[=VALUE]: for the names of files, which is the default, of
directories, or of both. Several are applied in the order given, to one name at a time; none can add a slash.

${kindsHelp}

Where directories are renamed, the old ones stay behind empty unless --delete-empty-src-dirs is given, and empty ones are
renamed with --create-empty-src-dirs alone. A directory whose new name another one has joins that.

Filters choose by the old names. A rule such as prefix works again every time: convmv is not tried again by itself.

    fjord convmv jotta:Scans --name-transform all,nfc --dry-run
    fjord convmv ~/Scans --name-transform replace=" ":_ --name-transform lowercase
    fjord convmv jotta:Pictures --include "*.jpeg" --name-transform regex='jpeg$/jpg'
    fjord copy ~/Pictures jotta:Pictures --name-transform suffix_keep_extension=_2024`,
  options,
  args: { min: 1, max: 1 },
  stats: true,
  groups: ['Important', 'Copy', 'Filter', 'Listing'],
  run: convmv,
}

async function convmv(invocation: Invocation<typeof options>): Promise<void> {
  const { args, ctx, open, global, filter, options: own } = invocation
  const nameTransform = await nameTransformOf(invocation)
  if (!nameTransform) throw new StorageError('invalid-argument', '--name-transform must be set')
  const place = await open.source(args[0] ?? '')
  const o = { ...global, ...own, tempDir: undefined, filter, nameTransform, gate: gateOf(invocation) }
  if (place.file === undefined) await renameDir(ctx, place, o)
  else await renameFile(ctx, { ...place, file: place.file }, o)
}
