import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { isStorageError, messageOf } from '../core/errors.ts'
import type { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { relative } from '../core/path.ts'
import { again, endsEverything, logCancelled } from '../operations/failures.ts'
import type { Gate } from '../operations/gate.ts'
import type { Lane, LaneOrder } from '../util/lane.ts'
import { createLane } from '../util/lane.ts'
import type { Action, Change, Rename, SetTime, Transfer } from './action.ts'
import { asCheck } from '../operations/as-check.ts'
import type { Work } from './perform.ts'
import { workOf } from './perform.ts'
import type { Stage } from './stage.ts'

export interface ExecuteOptions {
  readonly stage: Stage
  readonly gate: Gate
  /** Actions that may wait, for each of transfers and other changes. */
  readonly backlog: number
  /** In which order waiting transfers start; default: as they come. */
  readonly order?: LaneOrder<Transfer> | undefined
  /** Says nothing about a limit that ends all there is. */
  readonly single?: boolean | undefined
}

/** What was done. */
export interface Executed {
  /** Files that were transferred, or would have been. */
  readonly transfers: number
}

/**
 * Carries out actions: transfers as many at once as `ctx.limits.transfers` lets, other changes beside them under
 * `ctx.limits.checks`; listing and comparing go on meanwhile until the backlog is full. A change that fails is logged and
 * reported, and the others go on. When the gate quits, nothing more is started and nothing is thrown.
 * @throws what ends the run: a 'fatal' or 'auth' error, or the reason of `ctx.signal` or `ctx.stop`
 */
export async function execute(
  ctx: Context,
  actions: AsyncIterable<readonly Action[]>,
  o: ExecuteOptions,
): Promise<Executed> {
  const run = createRun(ctx, o)
  const { backlog: capacity, order } = o
  const transfers = createLane<Transfer>({ workers: ctx.limits.transfers.limit, capacity, order }, (change) =>
    run.change(change),
  )
  const others = createLane<Change>({ workers: ctx.limits.checks.limit, capacity }, (change) => run.change(change))
  const settle = async (): Promise<void> => {
    await transfers.drain()
    await others.drain()
    ctx.stop.throwIfAborted()
  }
  try {
    for await (const page of actions) {
      for (const action of page) {
        if (run.ended()) break
        if (action.kind === 'settle') await settle()
        else if (action.kind === 'set-dir-time' && action.early) await run.change(action)
        else {
          run.plan(action)
          const full = push({ transfers, others }, action)
          if (full) await full
        }
      }
      if (run.ended()) break
    }
    await settle()
    run.finish()
    return { transfers: run.transfers() }
  } finally {
    await Promise.all([transfers.close(), others.close()])
    await o.stage.dirMetadata?.finish()
  }
}

function push(
  { transfers, others }: { readonly transfers: Lane<Transfer>; readonly others: Lane<Change> },
  change: Change,
): Promise<void> | undefined {
  return change.kind === 'transfer' ? transfers.push(change) : others.push(change)
}

interface Run {
  /** Nothing more is to be started. */
  ended(): boolean
  plan(change: Change): void
  change(change: Change): Promise<void>
  finish(): void
  transfers(): number
}

function createRun(ctx: Context, { stage, gate, single }: ExecuteOptions): Run {
  const { failures } = stage
  const state = { over: false, noTransfers: false, cancelled: false, transferred: 0 }
  const dirTimes: { errors: number; last?: unknown } = { errors: 0 }
  const leftAlone = new Set<Path>()
  const ended = (): boolean => state.over || ctx.stop.aborted

  const cancelled = (error: unknown): void => {
    if (single || state.cancelled || !endsEverything(error) || isStorageError(error, 'duration-limit')) return
    state.cancelled = true
    logCancelled(ctx.log, error)
  }
  /** Nothing was begun: rclone has no line for the file, and counts the error once more when the run ends with it. */
  const limitReached = (error: StorageError): void => {
    if (!state.noTransfers) failures.note('', error)
    if (endsEverything(error)) {
      cancelled(error)
      throw again(error)
    }
    if (!state.noTransfers && !single) ctx.log.log({ level: 'NOTICE', text: `${error.message} - stopping transfers` })
    state.noTransfers = true
  }
  const notDone = (change: Change, work: Work): void => {
    if (change.kind === 'transfer' || change.kind === 'delete') {
      const { dest, path } = change
      stage.onOutcome({ kind: 'error', path: dest ? relative(dest.path, stage.dest.path) : path })
    }
    work.undone()
  }
  const failed = (change: Change, work: Work, error: unknown): void => {
    state.over ||= endsEverything(error)
    if (change.kind === 'set-dir-time' && !change.early) {
      dirTimes.errors++
      dirTimes.last = error
    }
    if (change.kind === 'delete') stage.deletions.failed(error)
    notDone(change, work)
    if (isStorageError(error, 'transfer-limit') && error.effect === 'none') return limitReached(error)
    const what = isStorageError(error, 'delete-limit') ? 'Got fatal error on delete' : work.failure
    try {
      failures.add(change.path, what, error)
    } catch (fatal) {
      cancelled(fatal)
      throw fatal
    }
  }

  const attempt = async (change: Change): Promise<boolean> => {
    const work = workOf(ctx, stage, change)
    const limiter = change.kind === 'transfer' ? ctx.limits.transfers : ctx.limits.checks
    try {
      if (!work.allowed()) {
        notDone(change, work)
        return false
      }
      if (change.kind === 'set-dir-time' && leftAlone.has(change.path)) return true
      const asked = gate(work.step)
      const decision = typeof asked === 'string' ? asked : await asked
      state.over ||= decision === 'quit'
      if (decision === 'quit') return false
      if (decision === 'skip' && change.kind === 'set-dir-time') leftAlone.add(change.path)
      if (decision === 'do') await limiter.run(() => work.run(), ctx.signal)
      work.done(decision === 'do')
      return true
    } catch (error) {
      failed(change, work, error)
      return false
    }
  }

  return {
    ended,
    plan(change) {
      if (change.kind === 'transfer')
        ctx.report({ type: 'transfer-planned', path: change.path, size: change.source.size })
    },
    async change(change) {
      if (ended()) return
      if (change.kind === 'transfer' && state.noTransfers) return workOf(ctx, stage, change).undone()
      if (change.kind === 'transfer') {
        if (await asTransfer(ctx, change, attempt)) state.transferred++
        return
      }
      const isCheck = ['delete', 'delete-source', 'rename'].includes(change.kind)
      const done = isCheck ? await asCheck(ctx, change.path, () => attempt(change)) : await attempt(change)
      if (done && (change.kind === 'set-time' || change.kind === 'rename') && change.thenDeleteSource) {
        const { path, source } = change
        await asCheck(ctx, path, () => attempt({ kind: 'delete-source', path, source, dest: nowThere(change) }))
      }
    },
    finish() {
      // rclone counts what went wrong with the times of directories once more when all of them are done.
      const { errors, last } = dirTimes
      if (errors === 0) return
      const what = errors === 1 ? '' : `${errors} errors: last error: `
      failures.note('', again(last, `failed to set directory modtime: ${what}${messageOf(last)}`))
    },
    transfers: () => state.transferred,
  }
}

async function asTransfer(
  ctx: Context,
  change: Transfer,
  attempt: (change: Change) => Promise<boolean>,
): Promise<boolean> {
  const { path, source } = change
  ctx.report({ type: 'transfer-started', path, size: source.size })
  const done = await attempt(change)
  ctx.report({ type: 'transfer-done', path, size: source.size ?? 0, failed: !done })
  return done
}

/** The file of the destination after its time was set, or its name. */
function nowThere(change: SetTime | Rename): FileEntry {
  if (change.kind === 'rename') return { ...change.dest, path: change.target }
  return { ...change.dest, path: change.respell ?? change.dest.path, modified: change.source.modified }
}
