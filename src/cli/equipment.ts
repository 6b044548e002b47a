import { isSecretKey } from '../config/secrets.ts'
import { globalOptions } from '../options/common.ts'
import { goQuote } from '../options/go-syntax.ts'
import { envName, flagName } from '../options/names.ts'
import { createDisplay, lookOf } from './display.ts'
import type { Display } from './display.ts'
import { exitCodeOfSignal, exitCodes } from './exit-codes.ts'
import type { Host } from './host.ts'
import { Interruption } from './interruption.ts'
import { createLogger } from './log.ts'
import type { CliLogger } from './log.ts'
import type { LogSettings } from './log-settings.ts'
import { dumpsAnything, openLogFile, thresholdOf } from './log-setup.ts'
import { createObjectTypes } from './object-types.ts'
import type { ObjectTypes } from './object-types.ts'
import { createOutput } from './output.ts'
import type { RunOutput } from './output.ts'
import { createProgress } from './progress.ts'
import { createTerminal } from './terminal.ts'
import type { OpenedTerminal } from './terminal.ts'
import { createStats } from './stats.ts'
import type { Stats } from './stats.ts'
import { formatStats, timeLeft } from './stats-text.ts'
import type { RunValues } from './values.ts'
import { encode } from './visible.ts'

/** What a run writes to and is stopped by. */
export interface Equipment {
  readonly abort: AbortController
  readonly log: CliLogger
  readonly out: RunOutput
  readonly terminal: OpenedTerminal
  readonly stats: Stats
  readonly display: Display
  readonly types: ObjectTypes
}

/**
 * Sets up log, output and statistics.
 * @param statsWanted the command shows statistics by itself
 * @throws StorageError 'config' where the log file cannot be opened
 */
export async function createEquipment(host: Host, values: RunValues, statsWanted: boolean): Promise<Equipment> {
  const { global } = values
  const abort = new AbortController()
  const stats = createStats(host.now)
  const types = createObjectTypes()
  const text = (): string => formatStats(stats.snapshot(), lookOf(global, host.now()))
  const title = global.progressTerminalTitle ? (): string => `ETA: ${timeLeft(stats.snapshot())}` : undefined
  const progress = global.progress ? createProgress(host.stdout, { text, title }) : undefined
  const drawnOver = (lines: string): boolean => {
    if (progress?.active() !== true) return false
    progress.above(lines)
    return true
  }
  const broken = new Interruption('standard output was closed', exitCodes.brokenPipe)
  const out = createOutput(host.stdout, { onBroken: () => abort.abort(broken), takes: drawnOver })
  const terminal = createTerminal({
    stdin: () => host.stdin,
    stdout: host.stdout,
    out,
    writeError: stderrWriter(host),
    environment: host.environment,
    onInterrupt: () => interrupt(log, abort, 'SIGINT'),
    signal: abort.signal,
  })
  const toFile = global.logFile === '' ? undefined : await openLogFile(global.logFile)
  const toStderr = stderrWriter(host)
  const log = createLogger(logSettings(host, values, types), (line) => {
    out.push()
    if (toFile) toFile(line)
    else if (!drawnOver(line)) toStderr(line)
  })
  const statsGiven = values.flags('global', 'stats') !== undefined
  const display = createDisplay({ global, statsGiven, statsWanted, stats, log, progress, now: host.now })
  return { abort, log, out, terminal, stats, display, types }
}

/** Ends a run as a signal asks. */
export function interrupt(log: CliLogger, abort: AbortController, signal: 'SIGINT' | 'SIGTERM'): void {
  log.log({ level: 'INFO', text: `Signal received: ${signal === 'SIGINT' ? 'interrupt' : 'terminated'}` })
  abort.abort(new Interruption(signal, exitCodeOfSignal(signal)))
}

/** What a log looks like before the options are known. */
export function plainLogger(host: Host): CliLogger {
  const { pid, now } = host
  const settings = {
    threshold: 'NOTICE',
    format: new Set(['date', 'time'] as const),
    pid,
    now,
    typeOf: () => 'string',
  } as const
  return createLogger(settings, stderrWriter(host))
}

/** Writes text to standard error; whether anybody reads it makes no difference. */
export function stderrWriter(host: Host): (text: string) => void {
  let stream: Host['stderr'] | undefined
  return (text) => {
    stream ??= host.stderr.on('error', () => undefined)
    stream.write(encode(text))
  }
}

/** Says what about the log was decided for the person at the terminal. */
export function logDecisions(host: Host, { global, flags }: RunValues, log: CliLogger): void {
  if (log.enabled('DEBUG')) {
    for (const text of explainEnvironment(host.environment, flags)) log.log({ level: 'DEBUG', text })
  }
  if (dumpsAnything(global) && global.verbose < 2 && global.logLevel !== 'DEBUG') {
    log.log({ level: 'NOTICE', text: 'Automatically setting -vv as --dump is enabled' })
  }
  for (const flag of ['goroutines', 'openfiles', 'curl', 'errors', 'trace'] as const)
    if (global.dump.has(flag)) log.log({ level: 'INFO', text: `--dump ${flag} has no effect in fjord` })
  if (global.statsUnit !== 'bytes' && global.statsUnit !== 'bits') {
    const text = `Unknown unit ${goQuote(global.statsUnit)} passed to --stats-unit. Defaulting to bytes.`
    log.log({ level: 'ERROR', text })
  }
}

const mayHoldSecrets: ReadonlySet<string> = new Set(['header', 'headerUpload', 'headerDownload', 'httpProxy'])

/** Which global flags the environment sets: only those that are not on the command line. */
function explainEnvironment(environment: Host['environment'], flags: RunValues['flags']): readonly string[] {
  return Object.keys(globalOptions).flatMap((key) => {
    const flag = flagName(key)
    const value = environment[envName(flag)]
    if (value === undefined || flags('global', key) !== undefined) return []
    const shown = isSecretKey(key) || mayHoldSecrets.has(key) ? 'XXX' : goQuote(value)
    return [`Setting --${flag} ${shown} from environment variable ${envName(flag)}=${shown}`]
  })
}

function logSettings(host: Host, { global, flags }: RunValues, types: ObjectTypes): LogSettings {
  const format = global.useJsonLog ? new Set([...global.logFormat, 'json'] as const) : global.logFormat
  const threshold = thresholdOf(global, flags('global', 'logLevel') !== undefined)
  return { threshold, format, pid: host.pid, now: host.now, typeOf: (object) => types.typeOf(object) }
}
