import { readFileSync } from 'node:fs'
import { assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { badValue } from './bad-value.ts'
import { option } from './option.ts'
import { readFlag } from './resolve.ts'
import { parseSize } from './size.ts'
import { formatBitRate, formatByteRate, formatCount, formatSize, formatSizeUnit } from './size-format.ts'
import { size } from './types.ts'

const maxSize = option(size, -1, 'for the test')

describe('sizes as rclone reads them', () => {
  test.each(vectors('sizesuffix-parse'))('"%s": %s', (text, ok, expected) => {
    const read = (): unknown => readFlag('max-size', maxSize, text)
    if (ok === 'yes') expect(String(read())).toBe(expected)
    else expect(read).toThrow(badValue(expected))
  })

  test('off is no limit, in any case', () => {
    expect([parseSize('off'), parseSize('OFF')]).toEqual([-1, -1])
  })

  test('underscores stand between digits only', () => {
    expect(parseSize('1_000b')).toBe(1000)
    expect(() => parseSize('1__0')).toThrow('invalid syntax')
    expect(() => parseSize('1_')).toThrow("bad suffix '_'")
  })
})

describe('sizes as rclone writes them', () => {
  test.each(vectors('sizesuffix-format'))('%s is %s, %s', (bytes, short, unit) => {
    expect(formatSize(Number(bytes))).toBe(short)
    expect(formatSizeUnit(Number(bytes))).toBe(unit)
  })

  test('a half thousandth goes to the even digit', () => {
    expect([formatSize(1088), formatSize(1024 * 1.1875)]).toEqual(['1.062Ki', '1.188Ki'])
  })

  test('rates and counts have their own units', () => {
    expect(formatByteRate(521_097)).toBe('508.884 KiB/s')
    expect(formatBitRate(128)).toBe('1 Kibit/s')
    expect(formatCount(1500)).toBe('1.500k')
    expect([formatSize(-1), formatSizeUnit(-1)]).toEqual(['off', 'off'])
  })

  test('a whole number of units reads back as the same size', () => {
    assert(
      property(integer({ min: 1, max: 1023 }), integer({ min: 1, max: 5 }), (count, power) => {
        expect(parseSize(formatSize(count * 1024 ** power))).toBe(count * 1024 ** power)
      }),
    )
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
