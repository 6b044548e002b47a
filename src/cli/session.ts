import { createContext } from '../core/create-context.ts'
import { isStorageError, messageOf } from '../core/errors.ts'
import type { Command, Invocation } from './command.ts'
import { openBandwidth } from './bandwidth.ts'
import type { RunBandwidth } from './bandwidth.ts'
import { createEquipment, logDecisions, plainLogger, stderrWriter } from './equipment.ts'
import type { Equipment } from './equipment.ts'
import { checkEffects } from './effects.ts'
import { exitCodeOfSignal, exitCodes } from './exit-codes.ts'
import type { Host } from './host.ts'
import { loadRunFilter } from './load-filter.ts'
import { httpSettings, timerMilliseconds } from './http-settings.ts'
import { Interruption } from './interruption.ts'
import { checkVerbosity } from './log-setup.ts'
import { createOpening } from './open.ts'
import type { Opening } from './open.ts'
import type { ParsedLine } from './parse.ts'
import { refuseUsage } from './refuse.ts'
import { createRelativeLog } from './relative-log.ts'
import type { RunReport } from './run-report.ts'
import { createRunReport } from './run-report.ts'
import { logHint, runCommand } from './run.ts'
import { hasGoodLogLevel, readValues } from './values.ts'
import type { RunValues } from './values.ts'

/** How long cleaning up may take after a signal, in milliseconds. */
const cleanupDeadline = 5000

/** Runs one command with its flags. @returns the exit code */
export async function runSession(command: Command, line: ParsedLine, host: Host): Promise<number> {
  let log = plainLogger(host)
  if (!hasGoodLogLevel(host.environment)) return exitCodes.error
  try {
    const values = readValues(command, line, host.environment)
    const equipment = await createEquipment(host, values, command.stats === true)
    log = equipment.log
    logDecisions(host, values, log)
    checkVerbosity(values.global, values.flags('global', 'logLevel') !== undefined)
    checkEffects(values, log)
    return await perform({ command, args: line.args, host, values, equipment })
  } catch (error) {
    if (error instanceof Interruption) return error.exitCode
    if (isStorageError(error, 'usage')) {
      refuseUsage(messageOf(error), command, { write: stderrWriter(host), log: plainLogger(host), commands: [] })
      return exitCodes.usage
    }
    log.log({ level: 'CRITICAL', text: messageOf(error) })
    logHint(log, error)
    return exitCodes.error
  }
}

interface Performance {
  readonly command: Command
  readonly args: readonly string[]
  readonly host: Host
  readonly values: RunValues
  readonly equipment: Equipment
}

async function perform(performance: Performance): Promise<number> {
  const { host, equipment } = performance
  const { abort, log, out, display } = equipment
  const unlisten = host.onSignal((signal) => {
    log.log({ level: 'INFO', text: `Signal received: ${signal === 'SIGINT' ? 'interrupt' : 'terminated'}` })
    abort.abort(new Interruption(signal, exitCodeOfSignal(signal)))
  })
  try {
    const code = await beforeDeadline(work(performance), abort.signal)
    await out.flush()
    return code
  } catch (error) {
    if (error instanceof Interruption) log.log({ level: 'INFO', text: 'Exiting...' })
    else await out.flush()
    throw error
  } finally {
    out.push()
    display.stop()
    unlisten()
  }
}

async function work({ command, args, host, values, equipment }: Performance): Promise<number> {
  const { abort, log, out, stats, display } = equipment
  const { global } = values
  const opening = createOpening(openingRun({ host, values, equipment }))
  const filter = await loadRunFilter(global, host, log)
  if (filter && global.dump.has('filters')) equipment.out.text(`${filter.dump().join('\n')}\n`)
  const bandwidth = openBandwidth(global.bwlimit, host, log)
  const runReport = reportOf(global)
  const invocation = createInvocation({ args, host, values, equipment, filter, bandwidth, runReport }, opening)
  const started = host.now()
  const finish = (exitCode: number): void =>
    runReport?.write({ command: command.name, dryRun: global.dryRun, exitCode, stats: stats.snapshot(), started })
  display.start()
  try {
    const code = await runCommand({
      command,
      attempt: () => {
        runReport?.begin()
        return command.run(invocation)
      },
      retries: global.retries,
      retriesSleep: timerMilliseconds(global.retriesSleep),
      errorOnNoTransfer: global.errorOnNoTransfer,
      stats,
      log,
      onEnd() {
        out.push()
        display.end()
      },
      signal: abort.signal,
      now: host.now,
    })
    finish(code)
    return code
  } catch (error) {
    if (error instanceof Interruption) {
      display.end()
      finish(error.exitCode)
    }
    throw error
  } finally {
    bandwidth.close()
    await opening.close()
  }
}

function reportOf({ report, reportFailed: failed }: RunValues['global']): RunReport | undefined {
  return report === '' && failed === '' ? undefined : createRunReport({ report, failed })
}

function openingRun({
  host,
  values,
  equipment,
}: Pick<Performance, 'host' | 'values' | 'equipment'>): Parameters<typeof createOpening>[0] {
  const { environment, cwd, platform, now, self } = host
  const log = createRelativeLog(equipment.log)
  return {
    environment,
    cwd,
    platform,
    now,
    flags: (type, key) => values.flags(`backend/${type}`, key),
    http: httpSettings(values.global, environment),
    log,
    signal: equipment.abort.signal,
    configFlag: values.flags('global', 'config')?.at(-1),
    tempDir: values.global.tempDir,
    cacheDir: values.global.cacheDir,
    noHashCache: values.global.noHashCache,
    program: self.at(-1) ?? '',
    onOpened(place) {
      equipment.types.opened(place)
      log.opened(place)
    },
  }
}

function createInvocation(
  {
    args,
    host,
    values,
    equipment,
    filter,
    bandwidth,
    runReport,
  }: Omit<Performance, 'command'> & Pick<Invocation, 'filter' | 'runReport'> & { readonly bandwidth: RunBandwidth },
  { opener, deps, configPath, state }: Opening,
): Invocation {
  return {
    args,
    options: values.options,
    global: values.global,
    ctx: createContext({
      signal: equipment.abort.signal,
      log: equipment.log,
      report(event) {
        equipment.stats.report(event)
        runReport?.report(event)
      },
      checkers: values.global.checkers,
      transfers: values.global.transfers,
      bandwidth,
    }),
    filter,
    stdin: host.stdin,
    out: equipment.out,
    open: opener,
    config: async () => (await deps()).config,
    configPath,
    openDeps: deps,
    state,
    runReport,
    self: host.self,
  }
}

/** Waits for `running`; after an abort only so long as cleaning up may take. @throws the signal's reason then */
async function beforeDeadline<T>(running: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController()
  const late = new Promise<never>((_, reject) => {
    const startClock = (): void => {
      const timer = setTimeout(() => reject(signal.reason), cleanupDeadline)
      settled.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
    }
    signal.addEventListener('abort', startClock, { once: true, signal: settled.signal })
  })
  try {
    return await Promise.race([running, late])
  } finally {
    settled.abort()
  }
}
