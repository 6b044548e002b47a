import type { Command } from '../cli/command.ts'
import { copyDir, copyFile } from '../sync/copy.ts'
import { onTwoTrees, treeGroups, treeOptions } from './two-trees.ts'

export const command: Command<typeof treeOptions> = {
  name: 'copy',
  summary: 'Copy new and changed files, deleting nothing',
  usage: 'source:path dest:path',
  help: `Copies the files of the source that the destination lacks or has with another size or time. Nothing is deleted.
A source that is one file goes into the destination directory under its name.

A file shows under its name only when it is whole and its checksum is right. An upload that was interrupted continues
where the server stopped.

    fjord copy ~/Pictures jotta:Pictures -P
    fjord copy jotta:Pictures /mnt/restore`,
  options: treeOptions,
  args: { min: 2, max: 2 },
  retries: true,
  stats: true,
  groups: treeGroups,
  run: (invocation) =>
    onTwoTrees(invocation, { named: false }, async ({ source, dest, options: o }) => {
      const { ctx } = invocation
      if (source.file === undefined) await copyDir(ctx, source, dest, o)
      else await copyFile(ctx, { ...source, file: source.file }, dest, o)
    }),
}
