import type { Command } from '../cli/command.ts'
import { listProviders, providersJson } from '../config/providers.ts'

export const command: Command = {
  name: 'config providers',
  summary: 'Print the kinds of remotes and their options as JSON',
  usage: '',
  help: `Prints all kinds of remotes with their options as JSON, for programs that set up remotes.`,
  options: {},
  args: { min: 0, max: 0 },
  async run({ out }) {
    out.text(providersJson(await listProviders()))
  },
}
