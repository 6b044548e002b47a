import type { Command } from '../cli/command.ts'
import { dumpConfig } from '../config/show.ts'

export const command: Command = {
  name: 'config dump',
  summary: 'Print the config as JSON',
  usage: '',
  help: `Prints all remotes as JSON, passwords as stored and tokens too: keep the output to yourself.`,
  options: {},
  args: { min: 0, max: 0 },
  async run({ out, openDeps }) {
    out.text(dumpConfig(await openDeps()))
  },
}
