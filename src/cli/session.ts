import { isStorageError, messageOf } from '../core/errors.ts'
import { parseMetadataSet } from '../options/metadata-set.ts'
import type { Command } from './command.ts'
import { openBandwidth } from './bandwidth.ts'
import { globalsInArguments, globalsInSections } from './connection-globals.ts'
import type { GlobalTexts } from './connection-globals.ts'
import { beforeDeadline } from './deadline.ts'
import { checkCacheDir, checkDisabled, checkEffects, disabledFeatures } from './effects.ts'
import { createEquipment, interrupt, logDecisions, plainLogger, stderrWriter } from './equipment.ts'
import type { Equipment } from './equipment.ts'
import { exitCodes } from './exit-codes.ts'
import type { Host } from './host.ts'
import { loadRunFilter } from './load-filter.ts'
import { httpSettings, timerMilliseconds } from './http-settings.ts'
import { Interruption } from './interruption.ts'
import { createInvocation } from './invocation.ts'
import { checkVerbosity } from './log-setup.ts'
import { createOpening } from './open.ts'
import type { Opening, OpeningRun } from './open.ts'
import type { ParsedLine } from './parse.ts'
import { refuseUsage } from './refuse.ts'
import { createRelativeLog } from './relative-log.ts'
import type { RunReport } from './run-report.ts'
import { createRunReport } from './run-report.ts'
import { logHint, runCommand } from './run.ts'
import { hasGoodLogLevel, readValues } from './values.ts'
import type { RunValues } from './values.ts'

/** Runs one command with its flags. @returns the exit code */
export async function runSession(command: Command, line: ParsedLine, host: Host): Promise<number> {
  let log = plainLogger(host)
  if (!hasGoodLogLevel(host.environment)) return exitCodes.error
  try {
    const typed = await globalsInArguments(line.args, host.platform)
    const read: Performance['read'] = (more) => readValues(command, line, host.environment, { ...more, ...typed })
    const values = read({})
    const equipment = await createEquipment(host, values, command.stats === true)
    log = equipment.log
    logDecisions(host, values, log)
    checkVerbosity(values.global, values.given.has('logLevel'))
    checkEffects(values, log)
    checkDisabled(values.global, log)
    parseMetadataSet(values.global.metadataSet)
    return await perform({ command, args: line.args, host, values, read, equipment })
  } catch (error) {
    if (error instanceof Interruption) return error.exitCode
    if (isStorageError(error, 'usage')) {
      const plain = plainLogger(host)
      refuseUsage(messageOf(error), command, { write: stderrWriter(host), log: plain, commands: [] })
      logHint(plain, error)
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
  /** Reads the values anew, with global flags from elsewhere. */
  readonly read: (more: GlobalTexts) => RunValues
  readonly equipment: Equipment
  readonly opening: Opening
  /** While the command runs: shows the last statistics and writes the reports of a run that was interrupted, once. */
  onInterruption: ((error: Interruption) => void) | undefined
}

async function perform(given: Omit<Performance, 'opening' | 'onInterruption'>): Promise<number> {
  const { host, equipment } = given
  const performance: Performance = { ...given, opening: createOpening(openingRun(given)), onInterruption: undefined }
  const { abort, log, out, display, terminal } = equipment
  const unlisten = host.onSignal((signal) => interrupt(log, abort, signal))
  try {
    const code = await beforeDeadline(work(performance), abort.signal, performance.opening)
    await out.flush()
    return code
  } catch (error) {
    if (error instanceof Interruption) {
      performance.onInterruption?.(error) // where cleaning up takes too long
      log.log({ level: 'INFO', text: 'Exiting...' })
    } else await out.flush()
    throw error
  } finally {
    out.push()
    terminal.close()
    display.stop()
    unlisten()
  }
}

async function work(performance: Performance): Promise<number> {
  const { command, args, host, equipment } = performance
  const { abort, log, out, stats, display } = equipment
  const values = await valuesWithSections(performance)
  const { global } = values
  checkCacheDir(global, log)
  const filter = await loadRunFilter(global, host, log)
  const opening = createOpening({
    ...openingRun({ ...performance, values }),
    filtered: filter?.active === true,
    shared: performance.opening.deps,
  })
  if (filter && global.dump.has('filters')) equipment.out.text(`${filter.dump().join('\n')}\n`)
  const bandwidth = openBandwidth(global.bwlimit, host, log)
  const runReport = reportOf(global)
  const invocation = createInvocation({ args, host, values, equipment, filter, bandwidth, runReport }, opening)
  const started = host.now()
  const finish = (exitCode: number, cause: unknown): void =>
    runReport?.write({
      command: command.name,
      dryRun: global.dryRun,
      exitCode,
      cause,
      stats: stats.snapshot(),
      started,
    })
  performance.onInterruption = (error) => {
    performance.onInterruption = undefined
    display.end()
    finish(error.exitCode, error)
  }
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
    finish(code, stats.errors.last)
    return code
  } catch (error) {
    if (error instanceof Interruption) performance.onInterruption?.(error)
    throw error
  } finally {
    bandwidth.close()
    await opening.close()
  }
}

/** Global flags may also stand in the sections of the remotes that the arguments name: then everything is as they say. */
async function valuesWithSections({ command, args, values, read, opening }: Performance): Promise<RunValues> {
  const more = command.usage.includes(':') ? await globalsInSections(args, opening.deps) : {}
  return Object.keys(more).length === 0 ? values : read(more)
}

function reportOf({ report, reportFailed: failed }: RunValues['global']): RunReport | undefined {
  return report === '' && failed === '' ? undefined : createRunReport({ report, failed })
}

function openingRun({
  host,
  values,
  read,
  equipment,
}: Pick<Performance, 'host' | 'values' | 'read' | 'equipment'>): OpeningRun {
  const { environment, cwd, platform, now, self, refreshHelper } = host
  const log = createRelativeLog(equipment.log)
  return {
    environment,
    cwd,
    platform,
    now,
    refreshHelper,
    flags: (type, key) => values.flags(`backend/${type}`, key),
    http: httpSettings(values.global, environment),
    settingsWith(overrides) {
      const { global } = read(overrides)
      return { http: httpSettings(global, environment), tempDir: global.tempDir || undefined }
    },
    log,
    signal: equipment.abort.signal,
    terminal: equipment.terminal,
    passwords: values.global,
    configFlag: values.flags('global', 'config')?.at(-1),
    tempDir: values.global.tempDir,
    filtered: false,
    cacheDir: values.global.cacheDir,
    noHashCache: values.global.noHashCache,
    disabled: disabledFeatures(values.global),
    program: self.at(-1) ?? '',
    onOpened(place) {
      equipment.types.opened(place)
      log.opened(place)
    },
  }
}
