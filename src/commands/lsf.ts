import type { Command, Invocation } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { inListing } from '../operations/failures.ts'
import { parseHashType } from '../operations/hash-names.ts'
import { createLsfLine } from '../operations/lsf-line.ts'
import type { LsfFormat } from '../operations/lsf-line.ts'
import { dateTimeLayout } from '../options/time-layout.ts'
import { option } from '../options/option.ts'
import type { ValuesOf } from '../options/option.ts'
import { bool, text } from '../options/types.ts'
import { listed } from './listing.ts'

const options = {
  format: option(
    text,
    'p',
    'Fields to print, in this order: p path, s size, t time, h hash, m MIME type, i ID, o original ID, T tier, M metadata',
    { short: 'F' },
  ),
  separator: option(text, ';', 'What stands between fields', { short: 's' }),
  dirSlash: option(bool, true, 'Put a slash behind the names of directories', { short: 'd' }),
  absolute: option(bool, false, 'Put a slash before every path'),
  csv: option(bool, false, 'Quote fields as CSV does'),
  dirsOnly: option(bool, false, 'List directories only'),
  filesOnly: option(bool, false, 'List files only'),
  hash: option(text, 'md5', 'The hash that h prints'),
  recursive: option(bool, false, 'Also list what is in directories', { short: 'R' }),
  timeFormat: option(text, '', 'A Go time layout, the name of one, max, unix or unixnano', { short: 't' }),
}

export const command: Command<typeof options> = {
  name: 'lsf',
  summary: 'List names and chosen fields, for scripts',
  usage: 'remote:path',
  help: `Prints the files and directories in the path, one a line, with the fields that --format names.
Directories end in a slash. Made to be read by programs.

    fjord lsf jotta:photos
    fjord lsf -R --files-only --format psth jotta:photos`,
  options,
  args: { min: 1, max: 1 },
  groups: ['Filter', 'Listing'],
  run: list,
}

async function list(invocation: Invocation<typeof options>): Promise<void> {
  const { args, ctx, global, out, open, options: o } = invocation
  const source = await open.listed(args[0] ?? '')
  const line = createLsfLine(source.remote, formatOf(o, global.defaultTime), (shown) =>
    ctx.log.log({ level: 'ERROR', object: shown, text: 'Failed to read hash: hash type not supported' }),
  )
  const depth = o.recursive || global.maxDepth !== -1 ? global.maxDepth : 1
  for await (const page of inListing(listed(invocation, source, depth))) {
    for (const { entry, shown } of page) {
      if (entry.kind === 'dir' ? o.filesOnly : o.dirsOnly) continue
      out.line(await line(entry, shown))
    }
  }
}

function formatOf(o: ValuesOf<typeof options>, defaultTime: bigint): LsfFormat {
  const hash = parseHashType(o.hash)
  if (!hash) throw new StorageError('invalid-argument', `unknown hash type "${o.hash}"`)
  const separator = o.csv && o.separator === ';' ? ',' : o.separator
  return {
    format: o.format,
    separator,
    csv: o.csv,
    dirSlash: o.dirSlash,
    absolute: o.absolute,
    hash,
    timeLayout: o.timeFormat || dateTimeLayout,
    defaultTime,
  }
}
