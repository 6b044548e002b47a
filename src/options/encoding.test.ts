import { describe, expect, test } from 'vitest'
import { encoding, encodingFlags } from './encoding.ts'

describe('an encoding', () => {
  test('is read from names, numbers and mixtures of them', () => {
    expect(encoding.parse('Slash, Dot')).toEqual(['Slash', 'Dot'])
    expect(encoding.parse('Dot,Slash')).toEqual(['Slash', 'Dot'])
    expect(encoding.parse('50331650')).toEqual(['Slash', 'InvalidUtf8', 'Dot'])
    expect(encoding.parse('0x2,InvalidUtf8,0b10')).toEqual(['Slash', 'InvalidUtf8'])
    expect(encoding.parse('010')).toEqual(['DoubleQuote'])
    expect(encoding.parse('None')).toEqual([])
    expect(encoding.parse('0')).toEqual([])
  })

  test('is written as rclone writes it', () => {
    expect(encoding.format([])).toBe('None')
    expect(encoding.format(['Dot', 'Slash'])).toBe('Slash,Dot')
    for (const [bit, flag] of encodingFlags.entries()) expect(encoding.parse(String(2 ** bit))).toEqual([flag])
  })

  test.each(['', 'slash', 'Nope', '-1', '1.5', 'Slash,,Dot'])('%j is none', (text) => {
    expect(() => encoding.parse(text)).toThrow('possible values are: Asterisk, BackQuote')
  })
})
