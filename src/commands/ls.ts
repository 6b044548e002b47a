import type { Command } from '../cli/command.ts'
import { eachFile } from './listing.ts'
import { sizeColumn } from './size-column.ts'

export const command: Command = {
  name: 'ls',
  summary: 'List files with their sizes',
  usage: 'remote:path',
  help: `Prints every file below the path, one a line: its size in bytes, then its path.
Directories are not shown; see lsd for those, lsl for times and lsf for scripts.

    fjord ls jotta:photos
    fjord ls jotta:photos --max-depth 1`,
  options: {},
  args: { min: 1, max: 1 },
  groups: ['Filter', 'Listing'],
  async run(invocation) {
    await eachFile(invocation, (file, shown) => {
      invocation.out.line(`${sizeColumn(file.size, 9, invocation.global.humanReadable)} ${shown}`)
    })
  },
}
