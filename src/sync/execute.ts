import type { Context } from '../core/context.ts'
import { messageOf } from '../core/errors.ts'
import { again, endsEverything } from '../operations/failures.ts'
import type { Failures } from '../operations/failures.ts'
import type { Gate } from '../operations/gate.ts'
import type { Lane } from '../util/lane.ts'
import { createLane } from '../util/lane.ts'
import type { Action, Change } from './action.ts'
import type { Stage } from './perform.ts'
import { failureWords, perform, stepOf } from './perform.ts'

export interface ExecuteOptions {
  readonly stage: Stage
  readonly gate: Gate
  readonly failures: Failures
  /** Actions that may wait, for each of transfers and other changes. */
  readonly backlog: number
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
  const lane = (workers: number): Lane<Change> =>
    createLane({ workers, capacity: o.backlog }, (change) => run.change(change))
  const transfers = lane(ctx.limits.transfers.limit)
  const others = lane(ctx.limits.checks.limit)
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
        else {
          run.plan(action)
          const full = (action.kind === 'transfer' ? transfers : others).push(action)
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
  }
}

interface Run {
  /** Nothing more is to be started. */
  ended(): boolean
  plan(change: Change): void
  change(change: Change): Promise<void>
  finish(): void
  transfers(): number
}

function createRun(ctx: Context, { stage, gate, failures }: ExecuteOptions): Run {
  let over = false
  let transferred = 0
  let dirTime: { readonly error: unknown } | undefined
  const ended = (): boolean => over || ctx.stop.aborted

  const attempt = async (change: Change): Promise<boolean> => {
    const limiter = change.kind === 'transfer' ? ctx.limits.transfers : ctx.limits.checks
    try {
      const asked = gate(stepOf(change))
      const decision = typeof asked === 'string' ? asked : await asked
      over ||= decision === 'quit'
      if (decision === 'do') await limiter.run(() => perform(ctx, stage, change), ctx.signal)
      return decision !== 'quit'
    } catch (error) {
      over ||= endsEverything(error)
      if (change.kind === 'set-dir-time') dirTime = { error }
      failures.add(change.path, failureWords(change), error)
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
      if (change.kind !== 'transfer') {
        await attempt(change)
        return
      }
      const { path, source } = change
      ctx.report({ type: 'transfer-started', path, size: source.size })
      const done = await attempt(change)
      if (done) transferred++
      ctx.report({ type: 'transfer-done', path, size: source.size ?? 0, failed: !done })
    },
    finish() {
      // rclone counts what went wrong with the times of directories once more when all of them are done.
      if (dirTime)
        failures.note('', again(dirTime.error, `failed to set directory modtime: ${messageOf(dirTime.error)}`))
    },
    transfers: () => transferred,
  }
}
