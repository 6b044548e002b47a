import type { Command, Invocation } from '../cli/command.ts'
import { inListing } from '../operations/failures.ts'
import { createLsfLine } from '../operations/lsf-line.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { listed } from './listing.ts'
import { lsfFormat, lsfOptions, timeLayoutOption } from './lsf-format.ts'

const options = {
  ...lsfOptions,
  recursive: option(bool, false, 'Also list what is in directories', { short: 'R' }),
  timeFormat: timeLayoutOption,
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
  const line = createLsfLine(ctx, source.remote, lsfFormat(o, o.timeFormat, global.defaultTime))
  const depth = o.recursive || global.maxDepth !== -1 ? global.maxDepth : 1
  for await (const page of inListing(listed(invocation, source, depth))) {
    for (const { entry, shown } of page) {
      if (entry.kind === 'dir' ? o.filesOnly : o.dirsOnly) continue
      out.line(await line(entry, shown))
    }
  }
}
