import type { Command } from '../cli/command.ts'
import type { Terminal } from '../config/terminal.ts'
import { isStorageError } from '../core/errors.ts'
import { obscure } from '../options/obscure.ts'

export const command: Command = {
  name: 'obscure',
  summary: 'Obscure a password for the config file',
  usage: 'password',
  help: `Prints a password as the config file has it. That keeps it from a glance over the shoulder; it is no encryption, and "reveal"
undoes it. "-" takes the first line of standard input, so that the password stands in no command line.

    echo 'my password' | fjord obscure -`,
  options: {},
  args: { min: 1, max: 1 },
  async run({ args: [password = ''], terminal, out }) {
    out.line(obscure(password === '-' ? await firstLine(terminal) : password))
  },
}

/** Nothing where there is no line. */
async function firstLine(terminal: Terminal): Promise<string> {
  try {
    return await terminal.secret('', 'stderr')
  } catch (error) {
    if (isStorageError(error, 'config')) return ''
    throw error
  }
}
