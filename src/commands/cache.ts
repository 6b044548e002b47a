import type { Command } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { formatSize } from '../options/size-format.ts'

export const command: Command = {
  name: 'cache',
  summary: 'Show or forget what fjord remembers between runs',
  usage: 'info|clear',
  help: `"fjord cache info" shows where it is and what is in it: checksums of local files, downloads that were interrupted,
and what earlier runs have found. "fjord cache clear" forgets all of it. Nothing is lost by that but time: checksums
are read anew, and an interrupted download starts over.

    fjord cache info
    fjord cache clear`,
  options: {},
  args: { min: 1, max: 1 },
  async run({ args, out, state }) {
    const remembered = await state()
    if (args[0] === 'clear') remembered.clear()
    else if (args[0] !== 'info') throw new StorageError('usage', `unknown action "${args[0]}": info or clear`)
    else {
      const { path, directories, unfinished, bytes } = remembered.info()
      out.line(`Folder:      ${path}`)
      out.line(`Directories: ${directories} with remembered checksums`)
      out.line(`Downloads:   ${unfinished} interrupted`)
      out.line(`Size:        ${formatSize(bytes)}`)
    }
  },
}
