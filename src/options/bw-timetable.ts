import { badValue, parseAs } from './bad-value.ts'
import { goQuote } from './go-syntax.ts'
import type { OptionType } from './option.ts'
import { parseSize } from './size.ts'
import { formatSize } from './size-format.ts'

/** Bytes a second in both directions; 0 or less is no limit. */
export interface Rates {
  readonly up: number
  readonly down: number
}

/** From when in the week a limit holds: minutes since Sunday 00:00. */
export interface BwEntry {
  readonly minute: number
  readonly rates: Rates
}

/** One limit for ever (a single entry of minute undefined), or a week of them. */
export type BwTimetable =
  | { readonly kind: 'always'; readonly rates: Rates }
  | { readonly kind: 'week'; readonly entries: readonly BwEntry[] }

/** No limit. */
export const unlimited: BwTimetable = { kind: 'always', rates: { up: -1, down: -1 } }

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const shortDays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const minutesOfDay = 24 * 60

/** `--bwlimit`: one limit, `UP:DOWN`, or a timetable (rclone's surface 2.2). */
export const bwTimetable: OptionType<BwTimetable> = {
  name: 'fs.BwTimetable',
  label: 'BwTimetable',
  flag: 'value',
  parse: (text) => parseAs('fs.BwTimetable', text, parseTimetable),
  format: formatTimetable,
}

/** The limits that hold at `now` (milliseconds since 1970, in the local time zone): those of the entry last passed. */
export function ratesAt(timetable: BwTimetable, now: number): Rates {
  if (timetable.kind === 'always') return timetable.rates
  const date = new Date(now)
  const minute = date.getDay() * minutesOfDay + date.getHours() * 60 + date.getMinutes()
  const sorted = timetable.entries.toSorted((a, b) => a.minute - b.minute)
  const current = sorted.findLast((entry) => entry.minute <= minute) ?? sorted.at(-1)
  return current?.rates ?? { up: -1, down: -1 }
}

/** `10Mi`, or `10Mi:1Mi` where the directions differ. */
export function formatRates({ up, down }: Rates): string {
  return up === down ? formatSize(up) : `${formatSize(up)}:${formatSize(down)}`
}

function parseTimetable(text: string): BwTimetable {
  if (text === '') throw badValue('empty string')
  if (!/[ ;,]/.test(text)) return { kind: 'always', rates: parseRates(text) }
  const entries = text.split(/[ ;]/).filter((part) => part !== '')
  return { kind: 'week', entries: entries.flatMap(parseEntry) }
}

function parseRates(text: string): Rates {
  const colon = text.indexOf(':')
  if (colon === -1) {
    const both = parseSize(text)
    return { up: both, down: both }
  }
  return { up: parseSize(text.slice(0, colon)), down: parseSize(text.slice(colon + 1)) }
}

function parseEntry(text: string): readonly BwEntry[] {
  const parts = text.split(',')
  const [when, limit] = parts
  if (parts.length !== 2 || when === undefined || limit === undefined)
    throw badValue(`invalid time/bandwidth specification: ${goQuote(text)}`)
  const dash = when.indexOf('-')
  if (dash === -1) {
    const minute = parseTime(when)
    const rates = parseRates(limit)
    return days.map((_, day) => ({ minute: day * minutesOfDay + minute, rates }))
  }
  const day = parseDay(when.slice(0, dash))
  const minute = parseTime(when.slice(dash + 1))
  return [{ minute: day * minutesOfDay + minute, rates: parseRates(limit) }]
}

function parseDay(text: string): number {
  const name = text.toLowerCase()
  const day = days.findIndex((full) => full === name || full.slice(0, 3) === name)
  if (day === -1) throw badValue(`invalid weekday: ${goQuote(name)}`)
  return day
}

function parseTime(text: string): number {
  if (text.length !== 5 || text[2] !== ':') throw badValue(`invalid time specification (hh:mm): ${goQuote(text)}`)
  const [hour, minute] = [text.slice(0, 2), text.slice(3)]
  const hours = goInt(hour, `invalid hour in time specification ${goQuote(text)}`)
  if (hours < 0 || hours > 23) throw badValue(`invalid hour (must be between 00 and 23): ${hours}`)
  const minutes = goInt(minute, `invalid minute in time specification: ${goQuote(text)}`)
  if (minutes < 0 || minutes > 59) throw badValue(`invalid minute (must be between 00 and 59): ${minutes}`)
  return hours * 60 + minutes
}

function goInt(text: string, trouble: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  throw badValue(`${trouble}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`)
}

function formatTimetable(timetable: BwTimetable): string {
  if (timetable.kind === 'always') return formatRates(timetable.rates)
  return timetable.entries.map(formatEntry).join(' ')
}

function formatEntry({ minute, rates }: BwEntry): string {
  const day = shortDays[Math.floor(minute / minutesOfDay)] ?? ''
  const [hours, minutes] = [Math.floor((minute % minutesOfDay) / 60), minute % 60]
  return `${day}-${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')},${formatRates(rates)}`
}
