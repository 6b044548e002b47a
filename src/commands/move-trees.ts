import type { Invocation } from '../cli/command.ts'
import { option } from '../options/option.ts'
import { bool } from '../options/types.ts'
import { moveDir, moveFile } from '../sync/move.ts'
import { onTwoTrees, treeOptions } from './two-trees.ts'

/** The options of `move` and `moveto`. */
export const moveOptions = {
  ...treeOptions,
  deleteEmptySrcDirs: option(bool, false, 'Delete directories of the source that are empty afterwards'),
}

/**
 * Moves what the two arguments name.
 * @param named the destination of a single file is its whole new name, as for `moveto`
 */
export async function moveTrees(invocation: Invocation<typeof moveOptions>, named: boolean): Promise<void> {
  await onTwoTrees(invocation, { named }, async ({ source, dest, options: o }) => {
    const { ctx } = invocation
    const { deleteEmptySrcDirs } = invocation.options
    if (source.file === undefined) await moveDir(ctx, source, dest, { ...o, deleteEmptySrcDirs })
    else await moveFile(ctx, { ...source, file: source.file }, dest, { ...o, deleteEmptySrcDirs })
  })
}
