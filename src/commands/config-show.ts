import type { Command } from '../cli/command.ts'
import { showConfig, showRemote } from '../config/show.ts'

export const command: Command = {
  name: 'config show',
  summary: 'Print the config file, or one remote of it',
  usage: '[remote]',
  help: `Prints the config file as it is, or one remote with its passwords hidden. Tokens are shown: keep the output to yourself.

    fjord config show jotta`,
  options: {},
  args: { min: 0, max: 1 },
  async run({ args, out, openDeps }) {
    const deps = await openDeps()
    if (args[0] === undefined) out.text(showConfig(deps))
    else for (const line of await showRemote(args[0], deps)) out.line(line)
  },
}
