import type { Command } from '../cli/command.ts'
import { copyDir, copyFile } from '../sync/copy.ts'
import { runOnTrees, treeCommand } from './tree-command.ts'
import { treeOptions } from './two-trees.ts'

export const command: Command<typeof treeOptions> = {
  ...treeCommand,
  name: 'copyto',
  summary: 'Copy, giving a single file a new name',
  help: `Copies as copy does. Where the source is one file, the destination is its whole new name, not the directory that
it goes into.

    fjord copyto notes.txt jotta:notes/2024.txt`,
  options: treeOptions,
  run: runOnTrees({ named: true, dir: copyDir, file: copyFile }),
}
