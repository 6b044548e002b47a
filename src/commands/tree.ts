import type { Command, Invocation } from '../cli/command.ts'
import { openReportFile } from '../cli/report-file.ts'
import { timeFrom } from '../core/time.ts'
import { drawTree } from '../operations/draw-tree.ts'
import { loadTree } from '../operations/load-tree.ts'
import { choice } from '../options/choice.ts'
import { option } from '../options/option.ts'
import { shownPath } from '../options/standard-names.ts'
import { bool, int, text } from '../options/types.ts'

const colours = choice(['AUTO', 'NEVER', 'ALWAYS'] as const, { goName: 'fs.terminalColorModeChoices' })
const options = {
  all: option(bool, false, 'Show names that begin with a dot', { short: 'a' }),
  dirsOnly: option(bool, false, 'Show directories only', { short: 'd' }),
  dirsfirst: option(bool, false, 'Show directories before files'),
  fullPath: option(bool, false, 'Show whole paths'),
  level: option(int, 0, 'How many levels to go down; 0 is all'),
  modtime: option(bool, false, 'Show the time of modification', { short: 'D' }),
  noindent: option(bool, false, 'Do not draw the lines of the tree'),
  noreport: option(bool, false, 'Do not count at the end'),
  output: option(text, '', 'Write to this file instead of standard output', { short: 'o' }),
  protections: option(bool, false, 'Show a mode, which is the same for all files', { short: 'p' }),
  quote: option(bool, false, 'Put names in double quotes', { short: 'Q' }),
  size: option(bool, false, 'Show sizes, of a directory that of what is in it', { short: 's' }),
  sort: option(text, '', 'Sort by name, version, size, mtime or ctime'),
  sortCtime: option(bool, false, 'Sort by time of change'),
  sortModtime: option(bool, false, 'Sort by time of modification', { short: 't' }),
  sortReverse: option(bool, false, 'Sort the other way round', { short: 'r' }),
  unsorted: option(bool, false, 'Do not sort', { short: 'U' }),
  version: option(bool, false, 'Sort numbers in names by their value'),
  color: option(colours, 'AUTO', 'Colours: AUTO (on a terminal), NEVER or ALWAYS'),
}

export const command: Command<typeof options> = {
  name: 'tree',
  summary: 'Draw the directories and files as a tree',
  usage: 'remote:path',
  help: `Draws what is below the path, as the program tree does.

    fjord tree jotta:photos --level 2
    fjord tree -s --human-readable jotta:photos`,
  options,
  args: { min: 1, max: 1 },
  groups: ['Filter', 'Listing'],
  run: draw,
}

async function draw({ args, ctx, open, out, global, filter, options: o }: Invocation<typeof options>): Promise<void> {
  const tree = await loadTree(ctx, await open.listed(args[0] ?? ''), { ...o, filter })
  const sort = o.sort || (o.version ? 'version' : o.sortModtime ? 'mtime' : o.sortCtime ? 'ctime' : 'name')
  const flags = { dirsFirst: o.dirsfirst, noIndent: o.noindent, noReport: o.noreport, reverse: o.sortReverse }
  const colour = o.color === 'ALWAYS' || (o.color === 'AUTO' && out.terminal && o.output === '')
  using target = openReportFile(o.output || '-', out)
  const look = { ...o, ...flags, sort, colour, human: global.humanReadable, now: timeFrom(Date.now()), show: shownPath }
  for (const line of drawTree(tree, look)) target.text(`${line}\n`)
}
