import { logLevels } from '../core/context.ts'
import type { Logger, LogLevel, LogRecord } from '../core/context.ts'
import type { LogFormatFlag } from '../options/common/logging.ts'
import { formatJsonLine } from './log-json.ts'
import { formatTextLine } from './log-text.ts'

/** The least severe level that is logged; OFF logs nothing. */
export type LogThreshold = LogLevel | 'OFF'

/** A record with the numbers of a statistics line, which the JSON log carries. */
export interface StatsRecord extends LogRecord {
  readonly stats?: Readonly<Record<string, unknown>>
}

/** What is logged and how it looks. */
export interface LogSettings {
  readonly threshold: LogThreshold
  readonly format: ReadonlySet<LogFormatFlag>
  readonly pid: number
  /** Milliseconds since 1970, with fractions where the clock has them. */
  readonly now: () => number
  /** The kind of thing an object of a log line is, for the JSON log. */
  readonly typeOf: (object: string) => string
}

/** The logger of a run. */
export interface CliLogger extends Logger {
  log(record: StatsRecord): void
}

/**
 * A logger whose finished lines go to `write`, line end included (rclone's surface 6).
 * @param write must not throw
 */
export function createLogger(settings: LogSettings, write: (line: string) => void): CliLogger {
  const formatLine = settings.format.has('json') ? formatJsonLine : formatTextLine
  const enabled = (level: LogLevel): boolean => isLogged(level, settings.threshold)
  return {
    enabled,
    log(record) {
      if (enabled(record.level)) write(formatLine(record, settings))
    },
  }
}

/** Whether a record of `level` passes `threshold`. */
export function isLogged(level: LogThreshold, threshold: LogThreshold): boolean {
  if (level === 'OFF' || threshold === 'OFF') return false
  return logLevels.indexOf(level) <= logLevels.indexOf(threshold)
}
