import { timeFrom } from '../core/time.ts'
import type { Time } from '../core/time.ts'
import { badSyntax, badValue } from './bad-value.ts'
import { parseDate } from './date.ts'
import { goQuote, parseGoFloat } from './go-syntax.ts'

/** A length of time in nanoseconds. */
export type Duration = bigint

/** `off`: longer than everything. */
export const durationOff: Duration = 2n ** 63n - 1n

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
const second = 1e9
const day = 86_400 * second
const suffixes: Readonly<Record<string, number>> = { d: day, w: 7 * day, M: 30 * day, y: 365 * day }

/**
 * Reads a duration as rclone does: `off`, Go's form, one number with d, w, M, y or no suffix (seconds), or a date, which is
 * the time since then (rclone's surface 2.2).
 * @param now nanoseconds since 1970
 * @throws StorageError 'usage'
 */
export function parseDuration(text: string, now: Time = timeFrom(Date.now())): Duration {
  if (text === 'off') return durationOff
  return parseGoDuration(text) ?? parseSuffixed(text) ?? now - parseDate(text)
}

/**
 * Reads a point in time: a date, a duration before now, or `off`, which is the year 1.
 * @param now nanoseconds since 1970
 * @throws StorageError 'usage'
 */
export function parseTime(text: string, now: Time = timeFrom(Date.now())): Time {
  if (text === 'off') return noTime
  const date = dateOf(text)
  if (date !== undefined) return date
  const ago = parseGoDuration(text) ?? parseSuffixed(text)
  if (ago === undefined) throw badSyntax('ParseFloat', text.replace(/[dwMy]$/, ''))
  return now - ago
}

/** The time that stands for none: the beginning of the year 1. */
export const noTime: Time = -62_135_596_800n * 1_000_000_000n

function dateOf(text: string): Time | undefined {
  try {
    return parseDate(text)
  } catch {
    return undefined
  }
}

/**
 * Reads a duration in Go's own form: numbers with units, or 0.
 * @throws StorageError 'usage' in Go's words
 */
export function requireGoDuration(text: string): Duration {
  const value = /^[+-]?0$/.test(text) ? 0n : parseGoDuration(text)
  if (value !== undefined) return value
  for (let rest = text.replace(/^[+-]/, ''); ;) {
    const [part = '', unit] = /^(?:\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? []
    if (unit === undefined) throw badValue(`time: invalid duration ${goQuote(text)}`)
    if (unit === '') throw badValue(`time: missing unit in duration ${goQuote(text)}`)
    if (units[unit] === undefined) throw badValue(`time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`)
    rest = rest.slice(part.length)
  }
}

function parseGoDuration(text: string): Duration | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)[a-zµμ]+)+)$/.exec(text)
  if (!match) return undefined
  let total = 0n
  for (const [, whole = '', fraction = '', unit = ''] of (match[2] ?? '').matchAll(/(\d*)\.?(\d*)([a-zµμ]+)/g)) {
    const size = units[unit]
    if (size === undefined) return undefined
    total += BigInt(whole || 0) * size + (BigInt(fraction || 0) * size) / 10n ** BigInt(fraction.length)
  }
  if (total > durationOff) return undefined
  return match[1] === '-' ? -total : total
}

function parseSuffixed(text: string): Duration | undefined {
  const factor = suffixes[text.slice(-1)]
  const value = parseGoFloat(factor === undefined ? text : text.slice(0, -1))
  if (value === undefined) return undefined
  const length = value * (factor ?? second)
  return Number.isSafeInteger(Math.trunc(length)) || Math.abs(length) < 2 ** 63 ? BigInt(Math.trunc(length)) : undefined
}
