import { expect, test } from 'vitest'
import { readVectors } from '../../test/support/read-vectors.ts'
import { messageOf } from '../core/errors.ts'
import { bwTimetable, ratesAt } from './bw-timetable.ts'

test.each(readVectors('bwtimetable-parse.tsv'))('reads %j as rclone does', (input = '', ok = '', expected = '') => {
  if (ok === 'yes') expect(bwTimetable.format(bwTimetable.parse(input))).toBe(expected)
  else expect(messageFor(input)).toBe(expected)
})

test('holds the limit of the entry last passed, and before the first the last of the week', () => {
  const table = bwTimetable.parse('Mon-08:00,1M Fri-17:30,off')
  const at = (day: number, hours: number, minutes: number): number =>
    ratesAt(table, new Date(2024, 0, 7 + day, hours, minutes).getTime()).up
  expect(at(1, 7, 59)).toBe(-1)
  expect(at(1, 8, 0)).toBe(1024 * 1024)
  expect(at(5, 17, 29)).toBe(1024 * 1024)
  expect(at(5, 17, 30)).toBe(-1)
  expect(at(0, 12, 0)).toBe(-1)
})

function messageFor(input: string): string {
  try {
    bwTimetable.parse(input)
    return 'taken'
  } catch (error) {
    return `invalid argument ${JSON.stringify(input)} for "--bwlimit" flag: ${messageOf(error)}`
  }
}
