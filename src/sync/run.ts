import type { Context } from '../core/context.ts'
import { isStorageError, StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { createCarrier } from '../operations/carry-metadata.ts'
import { again } from '../operations/failures.ts'
import type { Failures } from '../operations/failures.ts'
import { openGate } from '../operations/gate.ts'
import { backupNameOf, createBackup } from './backup.ts'
import { createCompare } from './compare.ts'
import { createDeletionGuard } from '../operations/deletion-guard.ts'
import type { DeletionGuard } from '../operations/deletion-guard.ts'
import { createElsewhere } from './elsewhere.ts'
import { createDirMetadata } from './dir-metadata.ts'
import type { Executed } from './execute.ts'
import { execute } from './execute.ts'
import { judge } from './judge.ts'
import type { MoveOptions, SyncOptions } from './options.ts'
import { parseOrder } from './order.ts'
import type { Pair } from './pair.ts'
import type { Caution, DeletionDuty } from './policies/deletions.ts'
import type { DirTimes } from './policies/dir-times.ts'
import { plan } from './policies/plan.ts'
import { createRenames } from './policies/renames.ts'
import { createSurvey } from './policies/survey.ts'
import type { Stage } from './stage.ts'
import { createTransfer } from './transfer.ts'
import type { TransferDuty } from './transfer.ts'
import type { TransferLimit } from './transfer-limit.ts'

/** Actions that may wait, where nothing is said of it. */
export const defaultBacklog = 10_000

/** One pass over pairs. */
export interface Pass {
  readonly source: Location
  readonly dest: Location
  readonly failures: Failures
  readonly dirTimes: DirTimes
  /** Files leave the source. */
  readonly move: boolean
  readonly limit: TransferLimit
  readonly deletion?: Omit<DeletionDuty, 'guard'> | undefined
  /** Of a move: directories of the source that are empty afterwards go. */
  readonly emptySrcDirs?: Caution | undefined
  /** Counts deletions, where they are not this pass's alone. */
  readonly guard?: DeletionGuard | undefined
  /** Only the deletions. */
  readonly transfersNothing?: boolean
  /** What only the destination has and an earlier pass has told of; what this one tells of is added. */
  readonly toldOf?: Set<Path> | undefined
  /** It is about one file. */
  readonly single?: boolean
}

/**
 * Compares pairs and carries out what follows from it: the engine under copy, move and sync.
 * @throws what ends the run; 'fatal' for options that cannot be followed. Failures of single files are in `pass.failures`
 */
export async function runPass(
  ctx: Context,
  pairs: AsyncIterable<readonly Pair[]>,
  pass: Pass,
  o: SyncOptions & MoveOptions,
): Promise<Executed> {
  refuseContradictions(pass.deletion !== undefined, o)
  const { source, dest, failures } = pass
  const order = await parseOrder(o.orderBy ?? '', ctx.limits.transfers.limit)
  const elsewhere = createElsewhere(ctx, source, dest, { ...o, failures, single: pass.single })
  const guard = pass.guard ?? createDeletionGuard(o)
  const stage = createStage(ctx, pass, guard, o)
  const compare = createCompare(ctx, source, dest, o)
  const judged = judge(ctx, pairs, { compare, elsewhere, failures })
  const actions = plan(ctx, judged, {
    ...planOptions(ctx, pass, o),
    deletion: withGuard(pass.deletion, guard),
  })
  const { checkFirst, maxBacklog = defaultBacklog } = o
  const backlog = checkFirst || maxBacklog < 0 ? Infinity : maxBacklog
  return await execute(ctx, actions, { stage, gate: o.gate ?? openGate, backlog, order, single: pass.single })
}

/** What the changes of a pass rest on. */
type Floor = Pick<Pass, 'source' | 'dest' | 'move' | 'failures' | 'limit'> &
  Partial<Pick<TransferDuty, 'replaceNothing'>>

/** Where the changes of a pass are made. @throws StorageError 'fatal' for a backup that cannot be kept */
export function createStage(ctx: Context, floor: Floor, deletions: DeletionGuard, o: SyncOptions & MoveOptions): Stage {
  const { source, dest, move, failures, limit, replaceNothing } = floor
  const carrier = createCarrier(ctx, source, dest, o)
  const backup = createBackup(ctx, dest, o)
  // What a killed run left half under its name would go into the backup of the next, over the version that is there
  const inplace = o.inplace === true && !backup
  const duty = { move, limit, keepsUnseen: keepsUnseen(floor, o), carrier, replaceNothing, inplace }
  return {
    source,
    dest,
    move,
    failures,
    deletions,
    onOutcome: o.onOutcome ?? (() => undefined),
    carrier,
    dirMetadata: createDirMetadata(ctx, source, dest, carrier),
    transfer: createTransfer(ctx, source, dest, { ...o, ...duty }),
    backup,
  }
}

/** What says that the destination is not looked at does not go with what has to know it. @throws StorageError */
export function refuseContradictions(deletes: boolean, o: SyncOptions): void {
  if (!o.noCheckDest) return
  const other = deletes ? 'sync: use copy instead' : o.immutable ? '--immutable' : undefined
  if (other !== undefined) throw new StorageError('invalid-argument', `can't use --no-check-dest with ${other}`)
}

/** Where not every file may be overwritten, or a later one of the same run would replace what has left the source. */
function keepsUnseen({ move }: Pick<Pass, 'move'>, o: SyncOptions): boolean {
  const promised = [move, o.ignoreExisting, o.update, o.immutable, o.backupDir, o.suffix].some(Boolean)
  return promised && o.noCheckDest !== true
}

function withGuard(duty: Pass['deletion'], guard: DeletionGuard): DeletionDuty | undefined {
  return duty && { ...duty, guard }
}

function planOptions(ctx: Context, pass: Pass, o: SyncOptions & MoveOptions) {
  const { source, dest, move } = pass
  const strategy = o.trackRenamesStrategy ?? 'hash'
  const deletes = pass.deletion !== undefined
  return {
    dest,
    move,
    failures: pass.failures,
    dirTimes: pass.dirTimes,
    transfersNothing: pass.transfersNothing === true,
    toldOf: pass.toldOf,
    onOutcome: o.onOutcome,
    outcomesTaken: o.outcomesTaken,
    backupName: move && !o.backupDir ? backupNameOf(o) : undefined,
    single: pass.single === true,
    keepsReplaced: o.backupDir !== undefined || (o.suffix ?? '') !== '',
    inOrder: o.checkFirst === true && (o.orderBy ?? '') !== '',
    noUpdateModtime: o.noUpdateModtime === true,
    fixCase: o.fixCase === true && !o.immutable,
    emptySrcDirs: pass.emptySrcDirs,
    checkFirst: o.checkFirst === true && !pass.single,
    renames:
      o.trackRenames && !pass.single
        ? createRenames(ctx, { source, dest }, { strategy, modifyWindow: o.modifyWindow ?? 1n, deletes })
        : undefined,
    survey: createSurvey({
      extras: pass.deletion !== undefined,
      sourceDirs: pass.emptySrcDirs !== undefined,
      missingDirs: !o.createEmptySrcDirs ? 'none' : move || dest.remote.facts(dest.path).dirTimes ? 'all' : 'empty',
    }),
  }
}

/** @throws the gravest failure; a limit that was reached as another error, for rclone counts it once more at the end */
export function throwGravest({ count, last }: Failures): void {
  if (count > 0) throw isStorageError(last, 'transfer-limit') ? again(last) : last
}
