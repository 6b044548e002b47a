import type { Command } from '../cli/command.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { dateTimeLayout, formatTime } from '../options/time-layout.ts'
import { listed } from './listing.ts'
import { sizeColumn } from './size-column.ts'

const options = {
  recursive: option(bool, false, 'Also list the directories in directories', { short: 'R' }),
}

export const command: Command<typeof options> = {
  name: 'lsd',
  summary: 'List directories',
  usage: 'remote:path',
  help: `Prints the directories in the path, one a line: size and number of entries where they are
known (else -1), the time of modification, the name.

    fjord lsd jotta:
    fjord lsd jotta:photos -R`,
  options,
  args: { min: 1, max: 1 },
  groups: ['Filter', 'Listing'],
  async run(invocation) {
    const { args, global, out, open } = invocation
    const source = await open.listed(args[0] ?? '')
    if (source.file !== undefined) return
    const depth = invocation.options.recursive ? -1 : global.maxDepth === -1 ? 1 : global.maxDepth
    for await (const page of listed(invocation, source, depth === 0 ? -1 : depth)) {
      for (const { entry, shown } of page) {
        if (entry.kind !== 'dir') continue
        const time = formatTime(entry.modified ?? global.defaultTime, dateTimeLayout)
        const human = global.humanReadable
        out.line(`${sizeColumn(entry.size, human ? 9 : 12, human)} ${time} ${'-1'.padStart(human ? 8 : 9)} ${shown}`)
      }
    }
  },
}
