import type { Command, Invocation } from '../cli/command.ts'
import type { Context } from '../core/context.ts'
import type { Location } from '../core/remote.ts'
import type { SyncOptions } from '../sync/options.ts'
import { onTwoTrees, treeGroups } from './two-trees.ts'
import type { treeOptions, TwoTrees } from './two-trees.ts'

/** What copy, move, sync and their relatives have in common. */
export const treeCommand = {
  usage: 'source:path dest:path',
  args: { min: 2, max: 2 },
  retries: true,
  stats: true,
  groups: treeGroups,
} as const satisfies Partial<Command>

/** What such a command does with directories, and with one file. */
interface TreeWork {
  /** The destination of one file is its whole new name. */
  readonly named?: boolean
  readonly dir: (ctx: Context, source: Location, dest: Location, o: SyncOptions) => Promise<void>
  readonly file: (
    ctx: Context,
    source: Location & { readonly file: string },
    dest: TwoTrees['dest'],
    o: SyncOptions,
  ) => Promise<void>
}

/** How such a command runs. `work` is given the options of the command itself too. */
export function runOnTrees(work: TreeWork): (invocation: Invocation<typeof treeOptions>) => Promise<void> {
  const { named = false } = work
  return (invocation) =>
    onTwoTrees(invocation, { named }, async ({ source, dest, options }) => {
      const { ctx } = invocation
      const { file } = source
      if (file === undefined) await work.dir(ctx, source, dest, options)
      else await work.file(ctx, { ...source, file }, dest, options)
    })
}
