import type { Command } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'

export const command: Command = {
  name: 'config encryption check',
  summary: 'Find out whether the config file is encrypted',
  usage: '',
  help: `Says nothing and ends with 0 where the config file is encrypted and its password is right, with 2 where it is plain.`,
  options: {},
  args: { min: 0, max: 0 },
  async run({ config }) {
    if (!(await config()).encrypted) throw new StorageError('usage', 'config file is NOT encrypted')
  },
}
