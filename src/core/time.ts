/** Nanoseconds since 1970-01-01T00:00:00Z. */
export type Time = bigint

export const second: Time = 1_000_000_000n
export const millisecond: Time = 1_000_000n

/** Milliseconds from 1970 on that a Date reaches both ways. */
const furthestDate = 8.64e15

/** The times that four digits of a year can say. */
const firstWritten = -62_167_219_200n * second
const lastWritten = 253_402_300_800n * second - 1n

/** The time of a Date or of milliseconds since 1970. */
export function timeFrom(date: Date | number): Time {
  const ms = typeof date === 'number' ? date : date.getTime()
  return BigInt(Math.trunc(ms)) * millisecond
}

/** The Date of a time, rounded down to milliseconds, or the nearest that a Date can hold. */
export function toDate(time: Time): Date {
  return new Date(Math.max(-furthestDate, Math.min(furthestDate, Number(floorDiv(time, millisecond)))))
}

/** `time` rounded down to a multiple of `precision` (nanoseconds). */
export function truncate(time: Time, precision: Time): Time {
  return floorDiv(time, precision) * precision
}

/** Whether two times are less than `window` nanoseconds apart. */
export function within(a: Time, b: Time, window: Time): boolean {
  return (a > b ? a - b : b - a) < window
}

/** The part of `time` below a second, 0 to 999,999,999 ns. */
export function nanoseconds(time: Time): number {
  return Number(time - floorDiv(time, second) * second)
}

/**
 * Parses RFC 3339, with up to nine decimals of a second kept.
 * @returns undefined where `text` is none
 */
export function parseRfc3339(text: string): Time | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[Tt]((?:[01]\d|2[0-3]):\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/.exec(text)
  if (!match || !isDay(match[1] ?? '')) return undefined
  const ms = Date.parse(`${match[1]}T${match[2]}${(match[4] ?? 'Z').toUpperCase()}`)
  if (Number.isNaN(ms)) return undefined
  return timeFrom(ms) + BigInt((match[3] ?? '').padEnd(9, '0'))
}

/**
 * Formats as RFC 3339 in UTC. That has the years 0 to 9999: another time becomes the nearest in them.
 * @param decimals digits after the second: 0 to 9
 */
export function formatRfc3339(time: Time, decimals = 0): string {
  const written = time < firstWritten ? firstWritten : time > lastWritten ? lastWritten : time
  const base = toDate(written).toISOString().slice(0, 19)
  const fraction = decimals === 0 ? '' : `.${String(nanoseconds(written)).padStart(9, '0').slice(0, decimals)}`
  return `${base}${fraction}Z`
}

/** Formats as Go's RFC3339Nano: with as many decimals as there are, in UTC or in the zone of this process. */
export function formatShortest(time: Time, zone: 'UTC' | 'local'): string {
  const minutes = zone === 'UTC' ? 0 : -toDate(time).getTimezoneOffset()
  const shifted = formatRfc3339(time + BigInt(minutes) * 60n * second, 9)
  return shifted.replace(/\.?0*Z$/, minutes === 0 ? 'Z' : offset(minutes))
}

function offset(minutes: number): string {
  const size = Math.abs(minutes)
  const [hours, rest] = [Math.trunc(size / 60), size % 60].map((part) => String(part).padStart(2, '0'))
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`
}

/** Date.parse takes 30 February for 1 March. */
function isDay(date: string): boolean {
  const ms = Date.parse(date)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}
