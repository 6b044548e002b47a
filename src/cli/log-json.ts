import { Buffer } from 'node:buffer'
import { shownPath } from '../options/standard-names.ts'
import type { LogSettings, StatsRecord } from './log-settings.ts'
import { asIfUtc, logSource } from './log-text.ts'
import { visibleLines } from './visible.ts'

/** One JSON object, with the keys of rclone in its order (rclone's surface 6). */
export function formatJsonLine(record: StatsRecord, settings: Omit<LogSettings, 'threshold'>): string {
  const { object } = record
  const line = {
    time: timestamp(settings.now()),
    level: record.level.toLowerCase(),
    msg: wellFormed(visibleLines(record.text)),
    skipped: record.skipped,
    size: record.size,
    stats: record.stats,
    object: object === undefined ? undefined : wellFormed(shownPath(object)),
    objectType: object === undefined ? undefined : settings.typeOf(object),
    source: logSource,
    pid: settings.format.has('pid') ? settings.pid : undefined,
  }
  return `${JSON.stringify(line)}\n`
}

/** RFC 3339 in local time, nine decimals. */
function timestamp(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset()
  const fraction = String(Math.floor((ms % 1000) * 1000))
    .padStart(6, '0')
    .padEnd(9, '0')
  return `${asIfUtc(ms).toISOString().slice(0, 19)}.${fraction}${zone(offset)}`
}

function zone(minutes: number): string {
  if (minutes === 0) return 'Z'
  const size = Math.abs(minutes)
  const clock = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return `${minutes < 0 ? '-' : '+'}${clock}`
}

/** JSON has no place for bytes that are no UTF-8. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
