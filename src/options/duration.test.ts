import { readFileSync } from 'node:fs'
import { assert, bigInt, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRfc3339 } from '../core/time.ts'
import { durationOff, noTime, parseDuration, parseTime } from './duration.ts'
import { formatDuration, formatGoDuration, formatReadable } from './duration-format.ts'
import { badValue } from './bad-value.ts'
import { option } from './option.ts'
import { readFlag } from './resolve.ts'
import { duration } from './types.ts'

const second = 1_000_000_000n
const now = parseRfc3339('2026-08-21T12:00:00Z') ?? 0n
const maxAge = option(duration, durationOff, 'for the test')

describe('durations as rclone reads them', () => {
  test.each(vectors('duration-parse'))('"%s": %s', (text, ok, expected) => {
    const read = (): unknown => readFlag('max-age', maxAge, text)
    if (ok !== 'yes') expect(read).toThrow(badValue(expected))
    else if (expected === 'off') expect(read()).toBe(durationOff)
    else expect(String(read())).toBe(expected)
  })

  test('a date is the time since then', () => {
    expect(parseDuration('2026-08-21T11:59:00Z', now)).toBe(60n * second)
    expect(parseDuration('2026-08-21T14:00:00.5+02:00', now)).toBe(-second / 2n)
  })

  test('a date without a zone is local', () => {
    const local = BigInt(new Date(2026, 7, 20, 0, 0, 0).getTime()) * 1_000_000n
    expect(parseDuration('2026-08-20', now)).toBe(now - local)
    expect(parseDuration('2026-08-20 01:00:00', now)).toBe(now - local - 3600n * second)
  })

  test.each([
    ['2026-13-01', 'parsing time "2026-13-01": month out of range'],
    ['2026-02-30', 'parsing time "2026-02-30": day out of range'],
    ['2026-02-01x', 'parsing time "2026-02-01x": extra text: "x"'],
    ['2026/02/01', 'parsing time "2026/02/01" as "2006-01-02": cannot parse "/02/01" as "-"'],
  ])('%s is no date: %s', (text, message) => {
    expect(() => parseDuration(text, now)).toThrow(badValue(message))
  })
})

describe('points in time', () => {
  test('are dates, or so long ago, or none', () => {
    expect(parseTime('2000-01-01T00:00:00Z', now)).toBe(946_684_800n * second)
    expect(parseTime('1h', now)).toBe(now - 3600n * second)
    expect(parseTime('2d', now)).toBe(now - 172_800n * second)
    expect(parseTime('off', now)).toBe(noTime)
    expect(() => parseTime('zz', now)).toThrow('strconv.ParseFloat: parsing "zz": invalid syntax')
  })
})

describe('durations as rclone writes them', () => {
  test.each([
    ['0', '0s'],
    ['1ns', '1ns'],
    ['1.5us', '1.5µs'],
    ['100ms', '100ms'],
    ['1.25s', '1.25s'],
    ['1m', '1m0s'],
    ['90m', '1h30m0s'],
    ['-1h', '-1h0m0s'],
    ['1.5d', '1.5d'],
    ['1w', '1w'],
    ['1M', '1M'],
    ['1y', '1y'],
    ['off', 'off'],
  ])('%s as %s', (text, shown) => {
    expect(formatDuration(parseDuration(text))).toBe(shown)
  })

  test('what is below a day reads back', () => {
    const day = 86_400n * second
    assert(
      property(bigInt({ min: -day + 1n, max: day - 1n }), (length) => {
        expect(parseDuration(formatGoDuration(length))).toBe(length)
      }),
    )
  })

  test('for people the largest units are enough', () => {
    expect(formatReadable(0n)).toBe('0s')
    expect(formatReadable(3723n * second)).toBe('1h2m3s')
    expect(formatReadable(93_784n * second, 3)).toBe('1d2h3m')
    expect(formatReadable(364n * 86_400n * second)).toBe('52w')
    expect(formatReadable(3600n * second)).toBe('1h')
  })
})

function vectors(name: string): string[][] {
  const file = new URL(`../../test/golden/vectors/${name}.tsv`, import.meta.url)
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => line.split('\t'))
}
