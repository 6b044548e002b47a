import type { Command } from '../cli/command.ts'
import { moveOptions, moveTrees } from './move-trees.ts'
import { treeGroups } from './two-trees.ts'

export const command: Command<typeof moveOptions> = {
  name: 'move',
  summary: 'Move files, deleting them from the source',
  usage: 'source:path dest:path',
  help: `Moves the files of the source to the destination: each leaves the source when the destination has it whole, with
the right checksum, and safe from a power cut. Within one Jottacloud account or one disk nothing is sent; where nothing
is there yet, a whole directory goes in one step. What is the same on both sides is only deleted from the source.

Directories that become empty stay, unless --delete-empty-src-dirs is given. Look first with --dry-run.

    fjord move ~/Scans jotta:Scans --delete-empty-src-dirs`,
  options: moveOptions,
  args: { min: 2, max: 2 },
  retries: true,
  stats: true,
  groups: treeGroups,
  run: (invocation) => moveTrees(invocation, false),
}
