import { existsSync } from 'node:fs'
import type { Command } from '../cli/command.ts'

export const command: Command = {
  name: 'config file',
  summary: 'Show where the config file is',
  usage: '',
  help: `Prints the path of the config file that is used, also where it is not there yet.`,
  options: {},
  args: { min: 0, max: 0 },
  async run({ out, configPath }) {
    const path = await configPath()
    if (path === undefined) {
      out.line('Configuration is in memory only')
      return
    }
    out.line(
      existsSync(path)
        ? 'Configuration file is stored at:'
        : "Configuration file doesn't exist, but fjord will use this path:",
    )
    out.line(path)
  },
}
