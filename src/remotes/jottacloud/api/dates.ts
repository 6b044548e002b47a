import { StorageError } from '../../../core/errors.ts'
import type { Time } from '../../../core/time.ts'
import { formatRfc3339, parseRfc3339 } from '../../../core/time.ts'

/**
 * Reads the date format of JFS, `2026-03-04-T05:06:07Z` or with `±hhmm` (docs/protocol.md §4.2). As the service stores what
 * clients send it, years that have not four digits occur: they become the first or last time that has them.
 * @returns undefined for an empty or absent date
 * @throws StorageError 'protocol' for anything else
 */
export function parseJfsDate(text: string | undefined): Time | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const match = /^([+-]?\d{4,}-\d\d-\d\d)-T(\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|([+-]\d\d):?(\d\d))$/.exec(text.trim())
  const zone = match?.[3] === undefined ? 'Z' : `${match[3]}:${match[4]}`
  return match ? rfc3339(`${match[1]}T${match[2]}${zone}`) : rfc3339('')
}

/** Writes a date for the headers JCreated and JModified, in UTC and whole seconds (docs/protocol.md §4.2). */
export function formatJfsDate(time: Time): string {
  return formatRfc3339(time).replace('T', '-T')
}

/**
 * Reads the date format of `mode=liststream` (docs/protocol.md §4.10).
 * @throws StorageError 'protocol'
 */
export function parseStreamDate(text: string | undefined): Time | undefined {
  return text === undefined || text.trim() === '' ? undefined : rfc3339(text.trim())
}

function rfc3339(text: string): Time {
  const odd = /^(?:(-)|\+|\d)\d{4,}(?:-\d\d){2}T/.exec(text)
  const time = parseRfc3339(!odd ? text : odd[1] === '-' ? '0000-01-01T00:00:00Z' : '9999-12-31T23:59:59Z')
  if (time === undefined) throw new StorageError('protocol', 'The service sent a date that is none')
  return time
}
