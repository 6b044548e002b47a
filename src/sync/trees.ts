import type { Context } from '../core/context.ts'
import type { Path } from '../core/path.ts'
import { relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { DeletionGuard } from '../operations/deletion-guard.ts'
import type { Failures } from '../operations/failures.ts'
import { createFailures, endsEverything } from '../operations/failures.ts'
import type { Delete } from './action.ts'
import { keepsDirMetadata } from './dir-metadata.ts'
import { withinDuration } from './duration-limit.ts'
import { march } from './march.ts'
import type { MoveOptions, SyncOptions, Used } from './options.ts'
import type { DirTimes } from './policies/dir-times.ts'
import { logWithheld } from './policies/deletions.ts'
import { createDirTimes, noDirTimes } from './policies/dir-times.ts'
import { runPass, throwGravest } from './run.ts'
import { createTransferLimit } from './transfer-limit.ts'

/** What two trees are walked for. */
export interface Errand {
  readonly source: Location
  readonly dest: Location
  readonly move: boolean
  /** When what only the destination has is deleted; 'before' does nothing else. */
  readonly deletion: 'before' | 'during' | 'after' | undefined
  /** Told that the source itself cannot be listed, which has been reported. */
  readonly onNoSource?: () => void
  /** What only the destination has and an earlier walk has told of; what this one tells of is added. */
  readonly toldOf?: Set<Path> | undefined
  /** Counts the deletions of several walks. */
  readonly guard?: DeletionGuard | undefined
  /** Told of what an earlier run may have left of files that are transferred: 'before' leaves it to a walk that deletes after. */
  readonly onPartials?: () => void
}

/**
 * Walks two trees and brings the destination up to the source.
 * @throws StorageError the last of the errors that were reported
 */
export async function syncTrees(ctx: Context, errand: Errand, o: SyncOptions & MoveOptions): Promise<void> {
  const { remote, path } = errand.dest
  const { description } = remote.facts(path)
  const told = { ...o, description, used: o.used ?? { bytes: 0, since: undefined } }
  await withinDuration(ctx, told, (within) => walkTrees(within, errand, told))
}

async function walkTrees(
  ctx: Context,
  { source, dest, move, deletion: when, toldOf, guard, onNoSource, onPartials }: Errand,
  o: SyncOptions & MoveOptions & { readonly description: string; readonly used: Used },
): Promise<void> {
  const failures = createFailures(ctx)
  let collisions = 0
  let sourceLost = false
  const ignoreErrors = (): boolean => o.ignoreErrors === true && !sourceLost
  const caution = { failures, ignoreErrors, harmless: () => collisions }
  const deletion = when && {
    ...caution,
    when,
    maxPercent: o.maxDeletePercent ?? -1,
    checkSource: o.checkSource,
    onKept: (files: readonly Delete[], failed: boolean) => {
      for (const { path, dest: entry } of o.onOutcome ? files : []) {
        if (failed) o.onOutcome?.({ kind: 'error', path })
        o.onOutcome?.({ kind: 'after', path: relative(entry.path, dest.path), entry, remote: dest.remote })
      }
    },
    description: o.description,
    isPartial: partialNames(dest, o),
    onPartials,
  }
  const { description } = source.remote.facts(source.path)
  const pairs = march(ctx, source, dest, {
    ...o,
    failures,
    descend: deletion || o.onOutcome ? 'both' : 'source',
    onCollision: () => collisions++,
  })
  const pass = {
    source,
    dest,
    failures,
    move,
    deletion,
    emptySrcDirs: move && o.deleteEmptySrcDirs ? { ...caution, description } : undefined,
    dirTimes: when === 'before' ? noDirTimes : dirTimesFor(source, dest, o),
    limit: createTransferLimit(o, o.used),
    transfersNothing: when === 'before',
    toldOf,
    guard,
  }
  const onLost = (): void => {
    sourceLost = true
    onNoSource?.()
  }
  const { transfers } = await runPass(ctx, untilReported(pairs, failures, onLost), pass, o).catch((error: unknown) => {
    if (deletion && failures.count > 0 && endsEverything(error))
      for (const what of ['files', 'directories'] as const) logWithheld(ctx, what, o)
    throw error
  })
  throwGravest(failures)
  if (transfers === 0 && when !== 'before') ctx.log.log({ level: 'INFO', text: 'There was nothing to transfer' })
}

/** Where files are written under temporary names first: what looks like one (rclone's surface 5.5). */
function partialNames(
  { remote, path }: Location,
  { partialSuffix = '.partial' }: SyncOptions,
): (path: Path) => boolean {
  if (!remote.facts(path).partialUploads) return () => false
  return (name) =>
    name.endsWith(partialSuffix) && /\.[0-9a-f]{8}$/.test(name.slice(0, name.length - partialSuffix.length))
}

/** A source that cannot be listed has been reported: what follows sees it in `failures`, and deletes nothing. */
async function* untilReported<T>(pages: AsyncIterable<T>, failures: Failures, onLost: () => void): AsyncGenerator<T> {
  try {
    yield* pages
  } catch (error) {
    if (error !== failures.last || endsEverything(error)) throw error
    onLost()
  }
}

/** Says that there is nothing to do between a place and itself. */
export function nothingToDo(ctx: Context, { remote, path }: Location): void {
  const text = 'Nothing to do as source and destination are the same'
  ctx.log.log({ level: 'ERROR', object: remote.facts(path).description, text })
}

function dirTimesFor(source: Location, dest: Location, o: SyncOptions): DirTimes {
  const { remote, path } = dest
  const updates = !o.noUpdateDirModtime
  const metadata = o.metadata === true && keepsDirMetadata(source, dest)
  if (!remote.facts(path).dirTimes || !remote.setTimes || !(updates || metadata)) return noDirTimes
  const unlisted = o.noTraverse === true || o.noCheckDest === true || (o.filter?.excludeIfPresent.length ?? 0) > 0
  return createDirTimes({ createEmptySrcDirs: o.createEmptySrcDirs === true, metadata, updates, unlisted })
}
