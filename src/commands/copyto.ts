import type { Command } from '../cli/command.ts'
import { copyDir, copyFile } from '../sync/copy.ts'
import { onTwoTrees, treeGroups, treeOptions } from './two-trees.ts'

export const command: Command<typeof treeOptions> = {
  name: 'copyto',
  summary: 'Copy, giving a single file a new name',
  usage: 'source:path dest:path',
  help: `Copies as copy does. Where the source is one file, the destination is its whole new name, not the directory that
it goes into.

    fjord copyto notes.txt jotta:notes/2024.txt`,
  options: treeOptions,
  args: { min: 2, max: 2 },
  retries: true,
  stats: true,
  groups: treeGroups,
  run: (invocation) =>
    onTwoTrees(invocation, { named: true }, async ({ source, dest, options: o }) => {
      const { ctx } = invocation
      if (source.file === undefined) await copyDir(ctx, source, dest, o)
      else await copyFile(ctx, { ...source, file: source.file }, dest, o)
    }),
}
