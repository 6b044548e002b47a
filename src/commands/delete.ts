import type { Command } from '../cli/command.ts'
import { deleteFiles } from '../operations/delete.ts'
import { limitedGate } from '../operations/deletion-guard.ts'
import { rmdirs } from '../operations/rmdirs.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { gateOf } from './gate.ts'

const options = { rmdirs: option(bool, false, 'Also remove directories that are empty then; the path itself stays') }

export const command: Command<typeof options> = {
  name: 'delete',
  summary: 'Delete the files in a directory',
  usage: 'remote:path',
  help: `Deletes the file, or every file below the directory; the directories stay. On Jottacloud deleted files go to
the trash, where they stay 30 days, unless --jottacloud-hard-delete is given. Look first with --dry-run.

    fjord delete jotta:old --dry-run
    fjord delete jotta:old`,
  options,
  args: { min: 1, max: 1 },
  retries: true,
  groups: ['Important', 'Filter', 'Listing'],
  async run(invocation) {
    const { args, ctx, open, global, filter } = invocation
    const source = await open.listed(args[0] ?? '')
    const o = { gate: limitedGate(gateOf(invocation), global), maxDepth: global.maxDepth, filter }
    await deleteFiles(ctx, source, o)
    if (invocation.options.rmdirs && source.file === undefined) await rmdirs(ctx, source, { ...o, leaveRoot: true })
  },
}
