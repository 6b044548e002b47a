import type { Command } from '../cli/command.ts'
import { StorageError } from '../core/errors.ts'
import { purge } from '../operations/purge.ts'
import { limitedGate } from '../operations/deletion-guard.ts'
import { gateOf } from './gate.ts'

export const command: Command = {
  name: 'purge',
  summary: 'Remove a directory and all that is in it',
  usage: 'remote:path',
  help: `Removes the directory with everything below it. On Jottacloud it goes to the trash in one piece, unless
--jottacloud-hard-delete is given. Look first with --dry-run.

    fjord purge jotta:old`,
  options: {},
  args: { min: 1, max: 1 },
  retries: true,
  groups: ['Important'],
  async run(invocation) {
    if (invocation.filter?.active)
      throw new StorageError(
        'config',
        'filters are not supported with purge (purge will delete everything unconditionally)',
      )
    await purge(
      invocation.ctx,
      await invocation.open.directory(invocation.args[0] ?? ''),
      limitedGate(gateOf(invocation), invocation.global),
    )
  },
}
