import type { Command } from '../cli/command.ts'
import { rmdirs } from '../operations/rmdirs.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { gateOf } from './gate.ts'

const options = { leaveRoot: option(bool, false, 'Keep the path itself') }

export const command: Command<typeof options> = {
  name: 'rmdirs',
  summary: 'Remove empty directories',
  usage: 'remote:path',
  help: `Removes the directories below the path that have no files in them, however deep they are nested, and the path itself
where nothing is left in it. Look first with --dry-run.

    fjord rmdirs jotta:photos --leave-root`,
  options,
  args: { min: 1, max: 1 },
  retries: true,
  groups: ['Important', 'Filter'],
  async run(invocation) {
    const { args, ctx, open, global, filter, options: o } = invocation
    const location = await open.directory(args[0] ?? '')
    await rmdirs(ctx, location, { ...o, filter, maxDepth: global.maxDepth, gate: gateOf(invocation) })
  },
}
