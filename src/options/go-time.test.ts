import { expect, test } from 'vitest'
import { whyNoTime } from './go-time.ts'

test.each([
  ['nosuch', '060102', 'parsing time "nosuch" as "060102": cannot parse "nosuch" as "06"'],
  ['06-01-02', '060102', 'parsing time "06-01-02" as "060102": cannot parse "-01-02" as "01"'],
  ['06010', '060102', 'parsing time "06010" as "060102": cannot parse "0" as "02"'],
  ['20060102', '060102', 'parsing time "20060102": extra text: "02"'],
  ['061302', '060102', 'parsing time "061302": month out of range'],
  ['2006-02-30', '2006-01-02', 'parsing time "2006-02-30": day out of range'],
  [
    '2006-01-02 15:04:05',
    '2006-01-02T15:04:05',
    'parsing time "2006-01-02 15:04:05" as "2006-01-02T15:04:05": cannot parse " 15:04:05" as "T"',
  ],
  ['2006-01-02T24:04:05', '2006-01-02T15:04:05', 'parsing time "2006-01-02T24:04:05": hour out of range'],
  ['2006-01-02T15:04:05.5Z', '2006-01-02T15:04:05.999999999', 'parsing time "2006-01-02T15:04:05.5Z": extra text: "Z"'],
])('%s in the layout %s', (text, layout, why) => {
  expect(whyNoTime(text, layout)).toBe(why)
})
