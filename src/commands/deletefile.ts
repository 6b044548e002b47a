import type { Command } from '../cli/command.ts'
import { deleteOneFile } from '../operations/delete-file.ts'
import { limitedGate } from '../operations/deletion-guard.ts'
import { gateOf } from './gate.ts'

export const command: Command = {
  name: 'deletefile',
  summary: 'Delete one file',
  usage: 'remote:path',
  help: `Deletes the one file that is named, whatever the filters say; a directory is refused. On Jottacloud it goes to the trash,
unless --jottacloud-hard-delete is given.

    fjord deletefile jotta:photos/one.jpg`,
  options: {},
  args: { min: 1, max: 1 },
  retries: true,
  groups: ['Important'],
  async run(invocation) {
    const typed = invocation.args[0] ?? ''
    const place = await invocation.open.source(typed)
    await deleteOneFile(invocation.ctx, place, { typed, gate: limitedGate(gateOf(invocation), invocation.global) })
  },
}
