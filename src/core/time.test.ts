import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatRfc3339, millisecond, nanoseconds, parseRfc3339, second, timeFrom, toDate, truncate } from './time.ts'

const year2200 = 7_258_118_400n * second
const times = fc.bigInt({ min: -year2200, max: year2200 })

describe('time', () => {
  test('a formatted time reads back, to the last nanosecond', () => {
    fc.assert(fc.property(times, (time) => parseRfc3339(formatRfc3339(time, 9)) === time))
  })

  test.each([
    ['2001-02-03T04:05:06Z', 981_173_106n * second],
    ['2001-02-03T04:05:06.789012345Z', 981_173_106_789_012_345n],
    ['2001-02-03t04:05:06.5z', 981_173_106_500_000_000n],
    ['2001-02-03T05:05:06+01:00', 981_173_106n * second],
    ['2001-02-03T03:35:06.000000001-00:30', 981_173_106n * second + 1n],
    ['2001-02-03T04:05:06.1234567899Z', 981_173_106_123_456_789n],
    ['1969-12-31T23:59:59.75Z', -250_000_000n],
    ['2024-02-29T00:00:00Z', 1_709_164_800n * second],
  ])('%s is read', (text, time) => {
    expect(parseRfc3339(text)).toBe(time)
  })

  test.each([
    '',
    '2001-02-03',
    '2001-02-03T04:05:06',
    '2001-02-03 04:05:06Z',
    '2023-02-29T00:00:00Z',
    '2001-13-01T00:00:00Z',
    '2001-01-01T24:00:00Z',
    '2001-01-01T00:00:60Z',
    '2001-01-01T00:00:00.Z',
    '2001-01-01T00:00:00+1:00',
    ' 2001-02-03T04:05:06Z',
  ])('%j is no time', (text) => {
    expect(parseRfc3339(text)).toBeUndefined()
  })

  test('decimals are cut, also before 1970', () => {
    expect(formatRfc3339(981_173_106_789_012_345n)).toBe('2001-02-03T04:05:06Z')
    expect(formatRfc3339(981_173_106_789_912_345n, 3)).toBe('2001-02-03T04:05:06.789Z')
    expect(formatRfc3339(-1n)).toBe('1969-12-31T23:59:59Z')
    expect(formatRfc3339(-1n, 9)).toBe('1969-12-31T23:59:59.999999999Z')
  })

  test('what RFC 3339 or a Date cannot hold becomes the nearest that they can', () => {
    const ages = 10n ** 30n
    expect([ages, 253_402_300_800n * second].map((time) => formatRfc3339(time, 9))).toEqual(
      Array(2).fill('9999-12-31T23:59:59.999999999Z'),
    )
    expect([-ages, -62_167_219_201n * second].map((time) => formatRfc3339(time))).toEqual(
      Array(2).fill('0000-01-01T00:00:00Z'),
    )
    expect([ages, -ages].map((time) => toDate(time).getTime())).toEqual([8.64e15, -8.64e15])
  })

  test('truncating rounds down, also before 1970', () => {
    expect(truncate(1_999_999_999n, second)).toBe(second)
    expect(truncate(-1n, second)).toBe(-second)
    expect(truncate(-second, second)).toBe(-second)
    expect(truncate(123n, 1n)).toBe(123n)
  })

  test('dates and milliseconds become times and back', () => {
    expect(timeFrom(1500.9)).toBe(1500n * millisecond)
    expect(timeFrom(new Date(1500))).toBe(1500n * millisecond)
    expect(toDate(1500n * millisecond + 999n).getTime()).toBe(1500)
    expect(toDate(-1n).getTime()).toBe(-1)
    expect(nanoseconds(-1n)).toBe(999_999_999)
  })
})
