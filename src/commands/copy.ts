import type { Command } from '../cli/command.ts'
import { copyDir, copyFile } from '../sync/copy.ts'
import { runOnTrees, treeCommand } from './tree-command.ts'
import { treeOptions } from './two-trees.ts'

export const command: Command<typeof treeOptions> = {
  ...treeCommand,
  name: 'copy',
  summary: 'Copy new and changed files, deleting nothing',
  help: `Copies the files of the source that the destination lacks or has with another size or time. Nothing is deleted.
A source that is one file goes into the destination directory under its name.

A file shows under its name only when it is whole and its checksum is right. An upload that was interrupted continues
where the server stopped.

    fjord copy ~/Pictures jotta:Pictures -P
    fjord copy jotta:Pictures /mnt/restore`,
  options: treeOptions,
  run: runOnTrees({ dir: copyDir, file: copyFile }),
}
