import { describe, expect, test } from 'vitest'
import { parseRfc3339 } from '../core/time.ts'
import { formatTime } from './time-layout.ts'

const time = parseRfc3339('2011-12-13T14:15:16.5Z') ?? 0n

describe('times for people and scripts', () => {
  test.each([
    ['unix', '1323785716'],
    ['unixnano', '1323785716500000000'],
    ['max', '2011-12-13 14:15:16.500000000'],
    ['DateOnly', '2011-12-13'],
    ['Kitchen', '2:15PM'],
    ['RFC1123', 'Tue, 13 Dec 2011 14:15:16 UTC'],
    ['RFC3339', '2011-12-13T14:15:16Z'],
    ['RFC3339Nano', '2011-12-13T14:15:16.5Z'],
    ['mac', '2011-12-13 0215PM'],
    ['YYYYMMDD', '20111213'],
    ['Jan _2 2006 .000', 'Dec 13 2011 .500'],
    ['Monday 002 pm -07:00', 'Tuesday 347 pm +00:00'],
  ])('%s', (layout, expected) => {
    expect(formatTime(time, layout)).toBe(expected)
  })

  test('max follows the precision of the remote', () => {
    expect(formatTime(time, 'max', 1_000_000_000n)).toBe('2011-12-13 14:15:16')
    expect(formatTime(time, 'max', 1_000_000n)).toBe('2011-12-13 14:15:16.500')
  })

  test('a time before 1970 is rounded down to whole seconds', () => {
    expect(formatTime(-1n, 'unix')).toBe('-1')
  })
})
