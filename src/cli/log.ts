import { logLevels } from '../core/context.ts'
import type { Logger, LogLevel } from '../core/context.ts'
import { formatJsonLine } from './log-json.ts'
import type { LogSettings, LogThreshold, StatsRecord } from './log-settings.ts'
import { formatTextLine } from './log-text.ts'

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
