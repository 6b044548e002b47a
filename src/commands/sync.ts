import type { Command } from '../cli/command.ts'
import { copyFile } from '../sync/copy.ts'
import { syncDir } from '../sync/sync.ts'
import { runOnTrees, treeCommand } from './tree-command.ts'
import { treeOptions } from './two-trees.ts'

export const command: Command<typeof treeOptions> = {
  ...treeCommand,
  name: 'sync',
  summary: 'Make the destination what the source is, deleting there',
  help: `Makes the destination what the source is: copies what is missing or different, and deletes what only the
destination has. Look first with --dry-run.

Nothing is deleted when anything went wrong before, such as a directory that could not be read, unless --ignore-errors
is given. What would be deleted or overwritten can be kept with --backup-dir or --suffix; --max-delete,
--max-delete-percent and --min-source-percent keep an accident small. A source that is one file goes into the
destination directory, and nothing is deleted.

    fjord sync ~/Documents jotta:Documents --backup-dir jotta:old/2024-05-06 -P`,
  options: treeOptions,
  run: runOnTrees({ dir: syncDir, file: copyFile }),
}
