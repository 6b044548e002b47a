import { describe, expect, test } from 'vitest'
import { jfsDate, parseDate, rfc3339, wholeSeconds } from './dates.ts'

const NOON = Date.UTC(2020, 6, 1, 12)

describe('jfsDate', () => {
  test('has a dash before the T, whole seconds and is empty for never', () => {
    expect(jfsDate(NOON + 999)).toBe('2020-07-01-T12:00:00Z')
    expect(jfsDate(-1)).toBe('1969-12-31-T23:59:59Z')
    expect(jfsDate(undefined)).toBe('')
  })
})

describe('parseDate', () => {
  test.each([
    '2020-07-01-T12:00:00Z',
    '2020-07-01-T14:00:00+0200',
    '2020-07-01-T10:30:00-01:30',
    '2020-07-01T12:00:00Z',
    '2020-07-01T14:00:00.123456789+02:00',
    '2020-07-01T12:00:00Z+00:00',
    '2020-07-01T12:00:00',
    'Wed, 01 Jul 2020 12:00:00 GMT',
    '1593604800500',
    1_593_604_800_500,
  ])('reads %s', (value) => {
    expect(parseDate(value, 0)).toBe(NOON)
  })

  test('takes the year 1, and something else for what is no date', () => {
    expect(jfsDate(parseDate('0001-01-01-T00:00:00Z', 0))).toBe('0001-01-01-T00:00:00Z')
    for (const value of ['', 'yesterday', undefined, null, {}, Infinity, 1e300]) {
      expect(parseDate(value, NOON + 5)).toBe(NOON)
    }
  })
})

describe('other spellings', () => {
  test('lists carry milliseconds, stored times do not', () => {
    expect(rfc3339(NOON)).toBe('2020-07-01T12:00:00.000Z')
    expect(wholeSeconds(-1)).toBe(-1000)
  })
})
