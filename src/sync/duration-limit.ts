import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { timeFrom } from '../core/time.ts'
import { logCancelled } from '../operations/failures.ts'
import { formatTime } from '../operations/time-layout.ts'
import { linked } from '../util/async.ts'
import type { SyncOptions, Used } from './options.ts'

/**
 * Runs `work` for no longer than `--max-duration`: then nothing more starts, and with HARD what runs is stopped
 * (rclone's surface §5.5, "Limits").
 * @throws StorageError 'duration-limit' when the time is over, however far it came
 */
export async function withinDuration<T>(
  ctx: Context,
  o: Pick<SyncOptions, 'maxDuration' | 'cutoffMode'> & { readonly description: string; readonly used: Used },
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const { maxDuration = 0n, cutoffMode = 'HARD', used } = o
  if (maxDuration <= 0n) return await work(ctx)
  used.since ??= Date.now()
  const left = used.since + Number(maxDuration / 1_000_000n) - Date.now()
  const ms = Math.max(0, Math.min(2 ** 31 - 1, left))
  const text = 'max transfer duration reached as set by --max-duration'
  const over = new StorageError('duration-limit', text)
  using stop = linked(ctx.stop)
  using signal = linked(ctx.signal)
  const end = (): void => {
    stop.abort(over)
    if (cutoffMode === 'HARD') signal.abort(over)
  }
  const deadline = formatTime(timeFrom(used.since) + maxDuration, '2006/01/02 15:04:05')
  const { log } = ctx
  log.log({ level: 'INFO', object: o.description, text: `Transfer session ${cutoffMode} deadline: ${deadline}` })
  const timer = setTimeout(end, ms)
  if (ms === 0) end()
  try {
    return await work({ ...ctx, stop: stop.signal, signal: signal.signal })
  } catch (error) {
    if (error === over) log.log({ level: 'ERROR', object: o.description, text })
    if (error === over && cutoffMode !== 'HARD') logCancelled(log, over)
    throw error
  } finally {
    clearTimeout(timer)
  }
}
