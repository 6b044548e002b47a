import type { Context } from '../core/context.ts'
import type { Location } from '../core/remote.ts'
import { createFailures } from '../operations/failures.ts'
import { march } from './march.ts'
import type { MoveOptions, SyncOptions } from './options.ts'
import type { DirTimes } from './policies/dir-times.ts'
import { createDirTimes, noDirTimes } from './policies/dir-times.ts'
import { runPass, withinDuration } from './run.ts'
import { createTransferLimit } from './transfer-limit.ts'

/** What two trees are walked for. */
export interface Errand {
  readonly source: Location
  readonly dest: Location
  readonly move: boolean
  /** When what only the destination has is deleted; 'before' does nothing else. */
  readonly deletion: 'before' | 'during' | 'after' | undefined
}

/**
 * Walks two trees and brings the destination up to the source.
 * @throws StorageError the last of the errors that were reported
 */
export async function syncTrees(ctx: Context, errand: Errand, o: SyncOptions & MoveOptions): Promise<void> {
  const { remote, path } = errand.dest
  const { description } = remote.facts(path)
  await withinDuration(ctx, { ...o, description }, (within) => walkTrees(within, errand, { ...o, description }))
}

async function walkTrees(
  ctx: Context,
  { source, dest, move, deletion: when }: Errand,
  o: SyncOptions & MoveOptions & { readonly description: string },
): Promise<void> {
  const failures = createFailures(ctx)
  let collisions = 0
  const caution = { failures, ignoreErrors: o.ignoreErrors === true, harmless: () => collisions }
  const deletion = when && {
    ...caution,
    when,
    maxPercent: o.maxDeletePercent ?? -1,
    checkSource: o.checkSource,
    description: o.description,
  }
  const { description } = source.remote.facts(source.path)
  const pairs = march(ctx, source, dest, {
    ...o,
    failures,
    descend: deletion || o.onOutcome ? 'both' : 'source',
    onCollision: () => collisions++,
  })
  const { transfers } = await runPass(
    ctx,
    pairs,
    {
      source,
      dest,
      failures,
      move,
      deletion,
      emptySrcDirs: move && o.deleteEmptySrcDirs ? { ...caution, description } : undefined,
      dirTimes: when === 'before' ? noDirTimes : dirTimesFor(dest, o),
      limit: createTransferLimit(o),
      transfersNothing: when === 'before',
    },
    o,
  )
  if (failures.count > 0) throw failures.last
  if (transfers === 0 && when !== 'before') ctx.log.log({ level: 'INFO', text: 'There was nothing to transfer' })
}

/** Says that there is nothing to do between a place and itself. */
export function nothingToDo(ctx: Context, { remote, path }: Location): void {
  const text = 'Nothing to do as source and destination are the same'
  ctx.log.log({ level: 'ERROR', object: remote.facts(path).description, text })
}

function dirTimesFor({ remote, path }: Location, o: SyncOptions): DirTimes {
  const wanted = remote.facts(path).dirTimes && remote.setTimes !== undefined && !o.noUpdateDirModtime
  if (!wanted) return noDirTimes
  return createDirTimes({
    unlisted: o.noTraverse === true || o.noCheckDest === true || (o.filter?.excludeIfPresent.length ?? 0) > 0,
    compared: !o.sizeOnly && !o.ignoreExisting && !o.immutable,
  })
}
