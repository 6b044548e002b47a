import { parseRfc3339, timeFrom } from '../core/time.ts'
import type { Time } from '../core/time.ts'
import { badValue } from './bad-value.ts'
import { whyNoTime } from './go-time.ts'

/**
 * Reads a date: RFC 3339, or in local time `2006-01-02T15:04:05`, `2006-01-02 15:04:05`, `2006-01-02` (rclone's surface 2.2).
 * @throws StorageError 'usage', in the words of the last form that rclone tries
 */
export function parseDate(text: string): Time {
  const time = parseRfc3339(text) ?? parseLocal(text)
  if (time === undefined) throw badValue(whyNoTime(text, '2006-01-02'))
  return time
}

function parseLocal(text: string): Time | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9})\d*)?)?$/.exec(text)
  if (!match) return undefined
  const [, day = '', clock = '00:00:00', fraction = ''] = match
  const date = new Date(`${day}T${clock}`)
  // The 30th of February would be read as the 1st of March
  if (Number.isNaN(date.getTime()) || date.getDate() !== Number(day.slice(8))) return undefined
  return timeFrom(date) + BigInt(fraction.padEnd(9, '0'))
}
