import { isStorageError, messageOf } from '../core/errors.ts'
import { formatRfc3339, timeFrom } from '../core/time.ts'
import { formatGoDuration } from '../options/duration-format.ts'
import { sleep } from '../util/async.ts'
import type { Command } from './command.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import type { CliLogger } from './log.ts'
import type { Stats } from './stats.ts'

/** What the run loop needs. */
export interface Run {
  readonly command: Pick<Command, 'name' | 'retries'>
  /** Runs the command once. */
  attempt(): Promise<void>
  /** `--retries`: attempts in all. */
  readonly retries: number
  /** `--retries-sleep` in milliseconds. */
  readonly retriesSleep: number
  readonly errorOnNoTransfer: boolean
  readonly stats: Stats
  readonly log: CliLogger
  /** Called when the attempts are over, before the last line. */
  onEnd(): void
  readonly signal: AbortSignal
  readonly now: () => number
}

/**
 * Runs a command as rclone does: again while errors were counted, then the last line and the exit code (rclone's surface 1.1,
 * "Run loop").
 * @returns the exit code
 * @throws what keeps the command from starting ('config', 'usage'), and the signal's reason
 */
export async function runCommand(run: Run): Promise<number> {
  const error = await attempts(run)
  run.onEnd()
  if (error === undefined) {
    return run.errorOnNoTransfer && run.stats.transfers === 0 ? exitCodes.nothingTransferred : exitCodes.success
  }
  const leaf = run.command.name.split(' ').at(-1) ?? ''
  const { count } = run.stats.errors
  const counted = count > 1 ? ` with ${count} errors: last error was` : ''
  run.log.log({ level: 'NOTICE', text: `Failed to ${leaf}${counted}: ${messageOf(error)}` })
  logHint(run.log, error)
  return exitCodeOf(error)
}

/** Says what the user can do about an error, where it knows. */
export function logHint(log: CliLogger, error: unknown): void {
  const hint = isStorageError(error) ? error.details.hint : undefined
  if (hint !== undefined) log.log({ level: 'NOTICE', text: hint })
}

/** @returns the last error of the last attempt */
async function attempts(run: Run): Promise<unknown> {
  const { stats } = run
  const retries = Math.max(1, run.retries)
  const log = (text: string): void => run.log.log({ level: 'ERROR', text })
  let error: unknown
  for (let attempt = 1; attempt <= retries; attempt++) {
    error = await once(run)
    const { count, fatal, retry, last, retryAt } = stats.errors
    if (run.command.retries !== true || count === 0) {
      if (attempt > 1) log(`Attempt ${attempt}/${retries} succeeded`)
      break
    }
    if (fatal || !retry) {
      log(`${fatal ? 'Fatal error received' : "Can't retry any of the errors"} - not attempting retries`)
      break
    }
    if (retryAt !== undefined) await waitUntil(retryAt, run)
    log(`Attempt ${attempt}/${retries} failed with ${count} errors and: ${messageOf(last)}`)
    if (attempt < retries) stats.resetErrors()
    if (run.retriesSleep > 0) await sleep(run.retriesSleep, run.signal)
  }
  return error
}

async function once(run: Run): Promise<unknown> {
  try {
    await run.attempt()
    run.signal.throwIfAborted()
  } catch (error) {
    run.signal.throwIfAborted()
    if (isStorageError(error, 'config', 'usage')) throw error
    if (error instanceof Error && !isStorageError(error))
      run.log.log({ level: 'DEBUG', text: error.stack ?? error.message })
    run.stats.countError(error)
    return error
  }
  return run.stats.errors.last
}

async function waitUntil(time: number, run: Run): Promise<void> {
  const wait = time - run.now()
  if (wait <= 0) return
  const until = formatRfc3339(timeFrom(time), 3)
  run.log.log({
    level: 'NOTICE',
    text: `Received retry after error - sleeping until ${until} (${formatGoDuration(timeFrom(wait))})`,
  })
  await sleep(wait, run.signal)
}
