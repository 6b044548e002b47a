import { describe, expect, test } from 'vitest'
import { createLogger, isLogged } from './log.ts'
import type { LogSettings, StatsRecord } from './log-settings.ts'
import { asIfUtc } from './log-text.ts'
import { encode, visible, visibleLines } from './visible.ts'

const now = 1_787_312_096_789.123
const stamp = asIfUtc(now).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')

function logged(record: Partial<StatsRecord>, settings: Partial<LogSettings> = {}): string {
  let text = ''
  const format: LogSettings['format'] = new Set(['date', 'time'] as const)
  const all = {
    threshold: 'INFO',
    format,
    pid: 123,
    now: () => now,
    typeOf: () => '*local.Object',
    ...settings,
  } as const
  createLogger(all, (line) => {
    text += line
  }).log({ level: 'ERROR', text: 'broken', ...record })
  return text
}

describe('a line of the log', () => {
  test.each([
    [{}, 'ERROR : broken'],
    [{ object: 'a/b.txt' }, 'ERROR : a/b.txt: broken'],
    [{ object: '' }, 'ERROR : broken'],
    [{ level: 'NOTICE' }, 'NOTICE: broken'],
    [{ level: 'INFO' }, 'INFO  : broken'],
    [{ level: 'CRITICAL' }, 'CRITICAL: broken'],
    [{ object: 'new\nline\t\u007f', text: 'esc\u001b[31m' }, 'ERROR : new␊line␉␡: esc␛[31m'],
    [{ text: '\nTransferred:\t1\n\n' }, 'ERROR : \nTransferred:\t1\n'],
  ] as const)('%j is %j', (record, line) => {
    expect(logged(record)).toBe(`${stamp} ${line}\n`)
  })

  test('is left out above the threshold', () => {
    expect(logged({ level: 'DEBUG' })).toBe('')
    expect(isLogged('INFO', 'NOTICE')).toBe(false)
    expect(isLogged('EMERGENCY', 'OFF')).toBe(false)
    expect(isLogged('CRITICAL', 'ERROR')).toBe(true)
  })

  test.each([
    [[], 'ERROR : broken'],
    [['date'], `${stamp.slice(0, 10)} ERROR : broken`],
    [['time'], `${stamp.slice(11)} ERROR : broken`],
    [['microseconds'], `${stamp.slice(11)}.789123 ERROR : broken`],
    [['date', 'microseconds', 'pid'], `${stamp}.789123 [123] ERROR : broken`],
    [['UTC'], 'ERROR : broken'],
    [['time', 'UTC'], `${new Date(now).toISOString().slice(11, 19)} ERROR : broken`],
    [['nolevel'], 'broken'],
    [['shortfile'], 'fjord: ERROR : broken'],
  ] as const)('shows what --log-format %j says', (names, line) => {
    expect(logged({}, { format: new Set(names) })).toBe(`${line}\n`)
  })
})

describe('the JSON log', () => {
  const json = { format: new Set(['json'] as const) }

  test('has the keys of rclone in its order', () => {
    const record = {
      level: 'NOTICE',
      object: 'a.txt',
      text: 'Skipped copy (size 12)',
      skipped: 'copy',
      size: 12,
    } as const
    expect(logged(record, json)).toMatch(
      /^{"time":"2026-[^"]+","level":"notice","msg":"Skipped copy \(size 12\)","skipped":"copy","size":12,"object":"a.txt","objectType":"\*local.Object","source":"fjord"}\n$/,
    )
    expect(JSON.parse(logged({}, { format: new Set(['json', 'pid'] as const) }))).toMatchObject({ pid: 123 })
  })

  test('carries numbers, and no bytes that are no UTF-8', () => {
    expect(JSON.parse(logged({ object: 'bad\udcff', stats: { bytes: 1 } }, json))).toMatchObject({
      object: 'bad\ufffd',
      stats: { bytes: 1 },
    })
  })
})

test('control characters become visible, bytes that are no UTF-8 stay', () => {
  expect(visible('a\u0001b\nc\u007f')).toBe('a␁b␊c␡')
  expect(visibleLines('a\tb\nc\r')).toBe('a\tb\nc␍')
  expect([...encode('é\udcff')]).toEqual([0xc3, 0xa9, 0xff])
})
