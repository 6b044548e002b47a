import type { Command } from '../cli/command.ts'
import { redactConfig } from '../config/show.ts'

export const command: Command = {
  name: 'config redacted',
  summary: 'Print the config without its secrets, for reports',
  usage: '[remote]',
  help: `Prints the config file, or one remote of it, with passwords, logins and personal values as XXX. Read it before you show it
to others all the same.`,
  options: {},
  args: { min: 0, max: 1 },
  async run({ args, out, openDeps }) {
    for (const line of await redactConfig(args[0], await openDeps())) out.line(line)
  },
}
