import type { Command } from '../cli/command.ts'
import { connectionStringOf } from '../config/connection-string-of.ts'

export const command: Command = {
  name: 'config string',
  summary: 'Print a remote as a connection string, which needs no config',
  usage: 'remote',
  help: `Prints a remote as one text that can be used where there is no config file. Passwords are obscured in it, a login is in it as it
is: keep the output to yourself. A name without a colon is a local path.

    fjord config string photos:2024`,
  options: {},
  args: { min: 1, max: 1 },
  async run({ args: [typed = ''], out, openDeps }) {
    out.line(await connectionStringOf(typed, await openDeps()))
  },
}
