import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Location } from '../core/remote.ts'
import type { Failures } from '../operations/failures.ts'
import { openGate } from '../operations/gate.ts'
import { linked } from '../util/async.ts'
import { createBackup } from './backup.ts'
import { createCompare } from './compare.ts'
import { createDeletionGuard } from './deletion-guard.ts'
import type { DeletionGuard } from './deletion-guard.ts'
import { createElsewhere } from './elsewhere.ts'
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
import { createTransfer } from './transfer.ts'
import type { TransferDuty } from './transfer.ts'
import type { TransferLimit } from './transfer-limit.ts'

const defaultBacklog = 10_000

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
  /** Only the deletions. */
  readonly transfersNothing?: boolean
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
  refuseContradictions(pass, o)
  const { source, dest, failures, move } = pass
  const order = parseOrder(o.orderBy ?? '', ctx.limits.transfers.limit)
  const elsewhere = createElsewhere(ctx, source, dest, o)
  const guard = createDeletionGuard(o)
  const onOutcome = o.onOutcome ?? (() => undefined)
  const stage = {
    source,
    dest,
    move,
    failures,
    onOutcome,
    deletions: guard,
    transfer: createTransfer(ctx, source, dest, {
      ...o,
      move,
      limit: pass.limit,
      metadataOf: metadataReader(ctx, source, o),
    }),
    backup: createBackup(ctx, dest, o),
  }
  const compare = createCompare(ctx, source, dest, o)
  const judged = judge(ctx, pairs, { compare, elsewhere, failures })
  const actions = plan(ctx, judged, {
    ...planOptions(ctx, pass, o),
    deletion: withGuard(pass.deletion, guard),
    onOutcome,
  })
  const backlog = o.checkFirst ? Infinity : (o.maxBacklog ?? defaultBacklog)
  return await execute(ctx, actions, { stage, gate: o.gate ?? openGate, backlog, order, single: pass.single })
}

/** What says that the destination is not looked at does not go with what has to know it. @throws StorageError */
function refuseContradictions({ deletion }: Pass, o: SyncOptions): void {
  if (!o.noCheckDest) return
  const other = deletion ? 'sync: use copy instead' : o.immutable ? '--immutable' : undefined
  if (other !== undefined) throw new StorageError('invalid-argument', `can't use --no-check-dest with ${other}`)
}

function withGuard(duty: Pass['deletion'], guard: DeletionGuard): DeletionDuty | undefined {
  return duty && { ...duty, guard }
}

/** What goes along with a file under `--metadata`: what its remote keeps, and what is set for all. */
function metadataReader(ctx: Context, { remote }: Location, o: SyncOptions): TransferDuty['metadataOf'] {
  if (!o.metadata) return undefined
  const set = Object.fromEntries(
    (o.metadataSet ?? []).map((item) => {
      const at = item.indexOf('=')
      return [item.slice(0, at).toLowerCase(), item.slice(at + 1)]
    }),
  )
  return async (entry) => ({ ...(await remote.metadata?.(entry, { signal: ctx.signal })), ...set })
}

function planOptions(ctx: Context, pass: Pass, o: SyncOptions & MoveOptions) {
  const { source, dest, move } = pass
  const wanted = o.trackRenames === true && pass.deletion !== undefined
  const strategy = o.trackRenamesStrategy ?? 'hash'
  return {
    dest,
    move,
    failures: pass.failures,
    dirTimes: pass.dirTimes,
    transfersNothing: pass.transfersNothing === true,
    noUpdateModtime: o.noUpdateModtime === true,
    fixCase: o.fixCase === true && !o.immutable,
    emptySrcDirs: pass.emptySrcDirs,
    checkFirst: o.checkFirst === true,
    renames: wanted
      ? createRenames(ctx, { source, dest }, { strategy, modifyWindow: o.modifyWindow ?? 1n })
      : undefined,
    survey: createSurvey({
      extras: pass.deletion !== undefined,
      sourceDirs: pass.emptySrcDirs !== undefined,
      missingDirs: o.createEmptySrcDirs === true,
    }),
  }
}

/**
 * Runs `work` for no longer than `--max-duration`: then nothing more starts, and with HARD what runs is stopped
 * (rclone's surface §5.5, "Limits").
 * @throws StorageError 'duration-limit' when the time is over, however far it came
 */
export async function withinDuration<T>(
  ctx: Context,
  o: Pick<SyncOptions, 'maxDuration' | 'cutoffMode'> & { readonly description: string },
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const { maxDuration = 0n, cutoffMode = 'HARD' } = o
  if (maxDuration <= 0n) return await work(ctx)
  const ms = Math.min(2 ** 31 - 1, Number(maxDuration / 1_000_000n))
  const text = 'max transfer duration reached as set by --max-duration'
  const over = new StorageError('duration-limit', text)
  using stop = linked(ctx.stop)
  using signal = linked(ctx.signal)
  const end = (): void => {
    stop.abort(over)
    if (cutoffMode === 'HARD') signal.abort(over)
  }
  const timer = setTimeout(end, ms)
  if (ms === 0) end()
  try {
    return await work({ ...ctx, stop: stop.signal, signal: signal.signal })
  } catch (error) {
    if (error === over) ctx.log.log({ level: 'ERROR', object: o.description, text })
    throw error
  } finally {
    clearTimeout(timer)
  }
}
