import { logLevels } from '../../core/context.ts'
import { bits, choice } from '../choice.ts'
import { option } from '../option.ts'
import { bool, count, int, nativeBool, nativeDuration, text } from '../types.ts'

const logging = { group: 'Logging' }
const important = { group: 'Important' }
const levels = [...logLevels, 'OFF'] as const
const level = choice(levels, { goName: 'fs.logLevelChoices', label: 'LogLevel' })
const formatNames = ['date', 'time', 'microseconds', 'UTC', 'longfile', 'shortfile', 'pid', 'nolevel', 'json'] as const
const format = bits(formatNames, { goName: 'fs/log.logFormatChoices' })

/** What a log line may show (rclone's surface 6). */
export type LogFormatFlag = (typeof formatNames)[number]

/** What is logged, how and where, and the statistics. */
export const loggingOptions = {
  verbose: option(count, 0, 'Say more; -vv says everything', { ...important, short: 'v' }),
  quiet: option(nativeBool, false, 'Say nothing but errors', { ...logging, short: 'q' }),
  logLevel: option(level, 'NOTICE', 'The least severe level that is logged', logging),
  logFile: option(text, '', 'A file that the log is appended to, instead of standard error', logging),
  logFormat: option(format, new Set(['date', 'time']), 'What a log line shows', logging),
  useJsonLog: option(bool, false, 'Log one JSON object a line', logging),
  progress: option(bool, false, 'Show progress while working', { ...logging, short: 'P' }),
  stats: option(nativeDuration, 60_000_000_000n, 'How often statistics are logged; 0 is never', logging),
  statsOneLine: option(bool, false, 'Statistics in one line', logging),
  statsOneLineDate: option(bool, false, 'The same, with date and time in front', logging),
  statsOneLineDateFormat: option(text, '', 'The same, with the time in front in this Go layout', logging),
  progressTerminalTitle: option(bool, false, 'Show in the title of the terminal how long it will take', logging),
  statsLogLevel: option(level, 'INFO', 'The level of the statistics', logging),
  statsUnit: option(text, 'bytes', 'Speeds in "bytes" or "bits"', logging),
  statsFileNameLength: option(int, 45, 'How much of a name the statistics show; 0 is all', logging),
}
