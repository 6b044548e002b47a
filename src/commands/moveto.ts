import type { Command } from '../cli/command.ts'
import { moveOptions, moveTrees } from './move-trees.ts'
import { treeGroups } from './two-trees.ts'

export const command: Command<typeof moveOptions> = {
  name: 'moveto',
  summary: 'Move, giving a single file a new name',
  usage: 'source:path dest:path',
  help: `Moves as move does. Where the source is one file, the destination is its whole new name: with it a file is
renamed.

    fjord moveto jotta:a.txt jotta:b.txt`,
  options: moveOptions,
  args: { min: 2, max: 2 },
  retries: true,
  stats: true,
  groups: treeGroups,
  run: (invocation) => moveTrees(invocation, true),
}
