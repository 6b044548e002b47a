import type { Command } from '../cli/command.ts'
import { formatTime, nanoLayout } from '../options/time-layout.ts'
import { eachFile } from './listing.ts'
import { sizeColumn } from './size-column.ts'

export const command: Command = {
  name: 'lsl',
  summary: 'List files with sizes and times',
  usage: 'remote:path',
  help: `Prints every file below the path, one a line: its size in bytes, its time of modification
in local time, then its path.

    fjord lsl jotta:photos`,
  options: {},
  args: { min: 1, max: 1 },
  groups: ['Filter', 'Listing'],
  async run(invocation) {
    await eachFile(invocation, (file, shown) => {
      const size = sizeColumn(file.size, 9, invocation.global.humanReadable)
      invocation.out.line(`${size} ${formatTime(file.modified, nanoLayout)} ${shown}`)
    })
  },
}
