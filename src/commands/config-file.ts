import type { Command } from '../cli/command.ts'

export const command: Command = {
  name: 'config file',
  summary: 'Show where the config file is',
  usage: '',
  help: `Prints the path of the config file that is used, also where it is not there yet.`,
  options: {},
  args: { min: 0, max: 0 },
  async run({ out, config }) {
    const { path, exists } = await config()
    if (path === undefined) {
      out.line('Configuration is in memory only')
      return
    }
    out.line(
      exists ? 'Configuration file is stored at:' : "Configuration file doesn't exist, but fjord will use this path:",
    )
    out.line(path)
  },
}
