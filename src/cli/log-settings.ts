import type { LogLevel, LogRecord } from '../core/context.ts'
import type { LogFormatFlag } from '../options/common/logging.ts'

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
