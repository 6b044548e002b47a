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
  name: 'move',
  summary: 'Move files, deleting them from the source',
  usage: 'source:path dest:path',
  help: `Moves the files of the source to the destination: each leaves the source when the destination has it whole, with
the right checksum, and safe from a power cut. Within one Jottacloud account or one disk nothing is sent; where nothing
is there yet, a whole directory goes in one step. What is the same on both sides is only deleted from the source.

Directories that become empty stay, unless --delete-empty-src-dirs is given. Look first with --dry-run.

    fjord move ~/Scans jotta:Scans --delete-empty-src-dirs`,
  options,
  args: { min: 2, max: 2 },
  retries: true,
  stats: true,
  groups: treeGroups,
  run: (invocation) =>
    onTwoTrees(invocation, { named: false }, async ({ source, dest, options: o }) => {
      const { ctx } = invocation
      const { deleteEmptySrcDirs } = invocation.options
      if (source.file === undefined) await moveDir(ctx, source, dest, { ...o, deleteEmptySrcDirs })
      else await moveFile(ctx, { ...source, file: source.file }, dest, { ...o, deleteEmptySrcDirs })
    }),
}
