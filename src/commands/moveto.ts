import type { Command } from '../cli/command.ts'
import { moveDir, moveFile } from '../sync/move.ts'
import { moveOptions } from './move.ts'
import { runOnTrees, treeCommand } from './tree-command.ts'

export const command: Command<typeof moveOptions> = {
  ...treeCommand,
  name: 'moveto',
  summary: 'Move, giving a single file a new name',
  help: `Moves as move does. Where the source is one file, the destination is its whole new name: with it a file is
renamed.

    fjord moveto jotta:a.txt jotta:b.txt`,
  options: moveOptions,
  run: runOnTrees({ named: true, dir: moveDir, file: moveFile }),
}
