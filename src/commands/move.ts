import type { Command } from '../cli/command.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { moveDir, moveFile } from '../sync/move.ts'
import { runOnTrees, treeCommand } from './tree-command.ts'
import { treeOptions } from './two-trees.ts'

/** The options of `move` and `moveto`. */
export const moveOptions = {
  ...treeOptions,
  deleteEmptySrcDirs: option(bool, false, 'Delete directories of the source that are empty afterwards'),
}

export const command: Command<typeof moveOptions> = {
  ...treeCommand,
  name: 'move',
  summary: 'Move files, deleting them from the source',
  help: `Moves the files of the source to the destination: each leaves the source when the destination has it whole, with
the right checksum, and safe from a power cut. Within one Jottacloud account or one disk nothing is sent; where nothing
is there yet, a whole directory goes in one step. What is the same on both sides is only deleted from the source.

Directories that become empty stay, unless --delete-empty-src-dirs is given. Look first with --dry-run.

    fjord move ~/Scans jotta:Scans --delete-empty-src-dirs`,
  options: moveOptions,
  run: runOnTrees({ dir: moveDir, file: moveFile }),
}
