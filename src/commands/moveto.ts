import type { Command } from '../cli/command.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { moveDir, moveFile } from '../sync/move.ts'
import { onTwoTrees, treeGroups, treeOptions } from './two-trees.ts'

const options = {
  ...treeOptions,
  deleteEmptySrcDirs: option(bool, false, 'Delete directories of the source that are empty afterwards'),
}

export const command: Command<typeof options> = {
  name: 'moveto',
  summary: 'Move, giving a single file a new name',
  usage: 'source:path dest:path',
  help: `Moves as move does. Where the source is one file, the destination is its whole new name: with it a file is
renamed.

    fjord moveto jotta:a.txt jotta:b.txt`,
  options,
  args: { min: 2, max: 2 },
  retries: true,
  stats: true,
  groups: treeGroups,
  run: (invocation) =>
    onTwoTrees(invocation, { named: true }, async ({ source, dest, options: o }) => {
      const { ctx } = invocation
      const { deleteEmptySrcDirs } = invocation.options
      if (source.file === undefined) await moveDir(ctx, source, dest, { ...o, deleteEmptySrcDirs })
      else await moveFile(ctx, { ...source, file: source.file }, dest, { ...o, deleteEmptySrcDirs })
    }),
}
