import type { Time } from '../core/time.ts'
import { formatRfc3339, millisecond, nanoseconds, second, toDate } from '../core/time.ts'

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** Names that stand for a layout in `--time-format` (rclone's surface §1.2, lsf). */
const namedLayouts: Readonly<Record<string, string>> = {
  Layout: "01/02 03:04:05PM '06 -0700",
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339: '2006-01-02T15:04:05Z07:00',
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
  Kitchen: '3:04PM',
  Stamp: 'Jan _2 15:04:05',
  StampMilli: 'Jan _2 15:04:05.000',
  StampMicro: 'Jan _2 15:04:05.000000',
  StampNano: 'Jan _2 15:04:05.000000000',
  DateTime: '2006-01-02 15:04:05',
  DateOnly: '2006-01-02',
  TimeOnly: '15:04:05',
  mac: '2006-01-02 0304PM',
  macfriendlytime: '2006-01-02 0304PM',
  MacFriendlyTime: '2006-01-02 0304PM',
  YYYYMMDD: '20060102',
}

/** rclone's default way of showing times, without and with nine decimals. */
export const dateTimeLayout = '2006-01-02 15:04:05'
export const nanoLayout = '2006-01-02 15:04:05.000000000'

const chunk =
  /January|Jan|Monday|Mon|MST|2006|(?:Z|-)07:00:00|(?:Z|-)070000|(?:Z|-)07:00|(?:Z|-)0700|(?:Z|-)07|002|01|02|03|04|05|06|__2|_2006|_2|15|PM|pm|[.,](?:0+|9+)(?!\d)|[1-5]/g

/**
 * Formats in local time (TZ) with a Go layout, or with the name of one; `unix` and `unixnano` give numbers, `max` no
 * decimals from a precision of a second on, three from a millisecond on, else nine.
 * @param precision of the remote, in nanoseconds
 */
export function formatTime(time: Time, layout: string, precision: Time = 1n): string {
  if (layout === 'unix') return String(time >= 0n ? time / second : (time - second + 1n) / second)
  if (layout === 'unixnano') return String(time)
  return formatLayout(time, layout === 'max' ? maxLayout(precision) : layout)
}

/** Formats in local time (TZ) with a Go layout, or with the name of one. */
export function formatLayout(time: Time, layout: string): string {
  const date = toDate(time)
  return (namedLayouts[layout] ?? layout).replace(chunk, (token) =>
    token.startsWith('_2006') ? `_${date.getFullYear()}` : field(token, date, time),
  )
}

/** RFC 3339 with as many decimals as a remote of this precision has, in local time (TZ) or UTC. */
export function formatPrecise(time: Time, precision: Time, zone: 'local' | 'UTC'): string {
  const decimals = decimalsOf(precision)
  if (zone === 'UTC') return formatRfc3339(time, decimals)
  return formatTime(time, `2006-01-02T15:04:05${decimals === 0 ? '' : `.${'0'.repeat(decimals)}`}Z07:00`)
}

function decimalsOf(precision: Time): number {
  return precision >= second ? 0 : precision >= millisecond ? 3 : 9
}

function maxLayout(precision: Time): string {
  const decimals = decimalsOf(precision)
  return decimals === 0 ? dateTimeLayout : `${dateTimeLayout}.${'0'.repeat(decimals)}`
}

function field(token: string, date: Date, time: Time): string {
  const hour12 = date.getHours() % 12 === 0 ? 12 : date.getHours() % 12
  const fields: Readonly<Record<string, () => string>> = {
    January: () => months[date.getMonth()] ?? '',
    Jan: () => (months[date.getMonth()] ?? '').slice(0, 3),
    '1': () => String(date.getMonth() + 1),
    '01': () => pad(date.getMonth() + 1),
    Monday: () => days[date.getDay()] ?? '',
    Mon: () => (days[date.getDay()] ?? '').slice(0, 3),
    '2': () => String(date.getDate()),
    _2: () => String(date.getDate()).padStart(2),
    '02': () => pad(date.getDate()),
    __2: () => String(dayOfYear(date)).padStart(3),
    '002': () => pad(dayOfYear(date), 3),
    '15': () => pad(date.getHours()),
    '3': () => String(hour12),
    '03': () => pad(hour12),
    '4': () => String(date.getMinutes()),
    '04': () => pad(date.getMinutes()),
    '5': () => String(date.getSeconds()),
    '05': () => pad(date.getSeconds()),
    '2006': () => pad(date.getFullYear(), 4),
    '06': () => pad(date.getFullYear() % 100),
    PM: () => (date.getHours() < 12 ? 'AM' : 'PM'),
    pm: () => (date.getHours() < 12 ? 'am' : 'pm'),
    MST: () => zoneName(date),
  }
  const simple = fields[token]
  if (simple) return simple()
  return /^[.,]/.test(token) ? fraction(token, time) : zoneOffset(token, date)
}

/** `.000` prints exactly so many decimals; `.999` drops zeros at the end. */
function fraction(token: string, time: Time): string {
  const digits = pad(nanoseconds(time), 9).slice(0, token.length - 1)
  if (token[1] === '0') return token.charAt(0) + digits
  const trimmed = digits.replace(/0+$/, '')
  return trimmed === '' ? '' : token.charAt(0) + trimmed
}

function zoneOffset(token: string, date: Date): string {
  const minutes = -date.getTimezoneOffset()
  if (token.startsWith('Z') && minutes === 0) return 'Z'
  const sign = minutes < 0 ? '-' : '+'
  const hours = pad(Math.trunc(Math.abs(minutes) / 60))
  const rest = pad(Math.abs(minutes) % 60)
  const shape = token.slice(1)
  if (shape === '07') return sign + hours
  const separator = shape.includes(':') ? ':' : ''
  const seconds = shape.length > 5 ? `${separator}00` : ''
  return `${sign}${hours}${separator}${rest}${seconds}`
}

function zoneName(date: Date): string {
  const name = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
    .formatToParts(date)
    .find((part) => part.type === 'timeZoneName')?.value
  if (name === undefined || name === 'GMT') return date.getTimezoneOffset() === 0 ? 'UTC' : 'GMT'
  const offset = /^GMT([+-])(\d+)(?::(\d+))?$/.exec(name)
  return offset ? `${offset[1]}${pad(Number(offset[2]))}${offset[3] ?? ''}` : name
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getFullYear(), 0, 0)
  return Math.round((Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - start) / 86_400_000)
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
