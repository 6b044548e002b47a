import type { Command } from '../cli/command.ts'
import { reveal } from '../options/obscure.ts'

export const command: Command = {
  name: 'reveal',
  summary: 'Show what an obscured password stands for',
  usage: 'password',
  help: `Prints the password that "obscure" or a config file has made unreadable. "-" takes the first line of standard input.`,
  options: {},
  args: { min: 1, max: 1 },
  async run({ args: [obscured = ''], terminal, out }) {
    out.text(`${reveal(obscured === '-' ? await terminal.secret('', 'stderr') : obscured)}\n`)
  },
}
