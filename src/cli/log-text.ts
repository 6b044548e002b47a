import type { LogRecord } from '../core/context.ts'
import { shownPath } from '../options/standard-names.ts'
import type { LogSettings } from './log-settings.ts'
import { visibleLines } from './visible.ts'

/** What stands where rclone names its source file. */
export const logSource = 'fjord'

/** One line as `2006/01/02 15:04:05 LEVEL : OBJECT: TEXT`; a text of several lines goes on without a prefix (rclone's surface 6). */
export function formatTextLine(record: LogRecord, settings: Pick<LogSettings, 'format' | 'pid' | 'now'>): string {
  const { format } = settings
  const parts = [stamp(settings)]
  if (format.has('pid')) parts.push(`[${settings.pid}] `)
  if (format.has('longfile') || format.has('shortfile')) parts.push(`${logSource}: `)
  if (!format.has('nolevel')) parts.push(`${record.level.padEnd(6)}: `)
  if (record.object) parts.push(`${shownPath(record.object)}: `)
  const text = visibleLines(record.text)
  return parts.join('') + (text.endsWith('\n') ? text : `${text}\n`)
}

/** Date and time as the statistics' and the log's lines have them: `2006/01/02` and `15:04:05`. */
function stamp({ format, now }: Pick<LogSettings, 'format' | 'now'>): string {
  const ms = now()
  const [date = '', clock = ''] = (format.has('UTC') ? new Date(ms) : asIfUtc(ms)).toISOString().split('T')
  const micros = format.has('microseconds')
  const day = format.has('date') ? `${date.replaceAll('-', '/')} ` : ''
  const fraction = micros ? `.${String(Math.floor((ms % 1000) * 1000)).padStart(6, '0')}` : ''
  return day + (micros || format.has('time') ? `${clock.slice(0, 8)}${fraction} ` : '')
}

/** A date whose UTC fields are the local ones. */
export function asIfUtc(ms: number): Date {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
}
