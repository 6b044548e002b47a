import type { Command } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'

export const command: Command = {
  name: 'settier',
  summary: 'Set the storage tier of files, where there are tiers',
  usage: 'tier remote:path',
  help: `Neither Jottacloud nor a disk has storage tiers, so this says that it cannot be done.`,
  options: {},
  args: { min: 2, max: 2 },
  groups: ['Filter', 'Listing'],
  async run({ args, open }) {
    const { remote } = await open.source(args[1] ?? '')
    throw new StorageError('unsupported', `remote ${remote.name} does not support settier`)
  },
}
