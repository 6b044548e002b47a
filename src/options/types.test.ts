import { describe, expect, test } from 'vitest'
import { bits, choice } from './choice.ts'
import { bool, commaList, count, float, goDuration, int, int64, spaceList, text, textList, time } from './types.ts'

const colours = ['RED', 'GREEN'] as const

describe('the kinds of options', () => {
  test('booleans are what Go takes for one', () => {
    expect(['1', 't', 'T', 'TRUE', 'true', 'True'].map((value) => bool.parse(value))).toEqual(Array(6).fill(true))
    expect(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((value) => bool.parse(value))).toEqual(Array(6).fill(false))
    expect(() => bool.parse('yes')).toThrow('strconv.ParseBool: parsing "yes": invalid syntax')
    expect(() => bool.parseStored?.('yes')).toThrow(
      'parsing "yes" as bool failed: strconv.ParseBool: parsing "yes": invalid syntax',
    )
  })

  test('whole numbers may be hexadecimal, octal or have underscores', () => {
    expect(['7', '-7', '0x1f', '0o17', '017', '0b11', '1_000'].map((value) => int.parse(value))).toEqual([
      7, -7, 31, 15, 15, 3, 1000,
    ])
    for (const wrong of ['', 'zz', '1.5', '08', ' 1', '1_']) expect(() => int.parse(wrong)).toThrow('invalid syntax')
    expect(() => int.parse('99999999999999999999')).toThrow('value out of range')
    expect(() => int.parseStored?.('zz')).toThrow('parsing "zz" as int failed: expected integer')
  })

  test('numbers with decimals', () => {
    expect([float.parse('1.5'), float.parse('-2e3')]).toEqual([1.5, -2000])
    expect(() => float.parse('x')).toThrow('strconv.ParseFloat: parsing "x": invalid syntax')
  })

  test('a choice is typed in any case', () => {
    const colour = choice(colours, { goName: 'fs.colourChoices' })
    expect(colour.parse('green')).toBe('GREEN')
    expect(() => colour.parse('blue')).toThrow(
      'parsing "blue" as fs.Enum[github.com/rclone/rclone/fs.colourChoices] failed: invalid choice "blue" from: RED, GREEN',
    )
  })

  test('several of a choice are joined by commas', () => {
    const mix = bits(colours, { goName: 'fs.colourChoices' })
    expect(mix.parse('green, RED')).toEqual(new Set(['GREEN', 'RED']))
    expect(mix.parse('')).toEqual(new Set())
    expect(() => mix.parse('red,blue')).toThrow('invalid choice "blue" from: RED, GREEN')
  })

  test('global flags and variables are scanned as Go scans numbers', () => {
    const scan = (typed: string): unknown => int.parseStored?.(typed)
    for (const [typed, value] of Object.entries({ '1': 1, ' 1 ': 1, '0x2': 2, '1_0': 10, '+1': 1 }))
      expect(scan(typed)).toBe(value)
    const troubles = {
      '': 'EOF',
      '-': 'EOF',
      a: 'expected integer',
      '1e1': 'expected newline',
      '1 2': 'expected newline',
    }
    for (const [typed, why] of Object.entries(troubles))
      expect(() => scan(typed)).toThrow(`parsing "${typed}" as int failed: ${why}`)
    expect(() => int64.parseStored?.('9'.repeat(20))).toThrow(
      'as int64 failed: strconv.ParseInt: parsing "99999999999999999999": value out of range',
    )
    expect(float.parseStored?.(' .5 ')).toBe(0.5)
    expect(() => float.parseStored?.('a')).toThrow(
      'parsing "a" as float64 failed: strconv.ParseFloat: parsing "": invalid syntax',
    )
    expect(() => float.parseStored?.('1.5.5')).toThrow('expected newline')
  })

  test('a duration of Go needs its units', () => {
    expect(goDuration.parse('1h1.5s')).toBe(3_601_500_000_000n)
    expect(goDuration.parse('0')).toBe(0n)
    const troubles = {
      '5': 'missing unit in duration "5"',
      '1d': 'unknown unit "d" in duration "1d"',
      '1 s': 'unknown unit " s" in duration "1 s"',
      off: 'invalid duration "off"',
      '99999999h': 'invalid duration "99999999h"',
    }
    for (const [typed, why] of Object.entries(troubles))
      expect(() => goDuration.parse(typed)).toThrow(`parsing "${typed}" as time.Duration failed: time: ${why}`)
  })

  test('a list whose only value is empty counts as none', () => {
    expect(textList.combine?.([['a'], ['']])).toEqual(['a', ''])
    expect(textList.combine?.([['']])).toEqual([])
    expect(textList.split?.('*.jpg,"a,b","say ""x"""')).toEqual(['*.jpg', 'a,b', 'say "x"'])
  })

  test('separated lists are one CSV record', () => {
    expect(commaList.parse('a,"b,c"')).toEqual(['a', 'b,c'])
    expect(spaceList.parse('sh -c "echo x"')).toEqual(['sh', '-c', 'echo x'])
    expect(commaList.parse('')).toEqual([])
    expect(commaList.format(['a', 'b,c'])).toBe('a,"b,c"')
    expect(() => commaList.parse('a"b')).toThrow('bare " in non-quoted-field')
  })

  test('text, counts and times format as they are typed', () => {
    expect(text.format(text.parse(' as is '))).toBe(' as is ')
    expect(count.format(2)).toBe('2')
    expect(time.format(time.parse('2000-01-01T00:00:00Z'))).toBe('2000-01-01T00:00:00Z')
    expect(time.format(time.parse('off'))).toBe('off')
  })
})
