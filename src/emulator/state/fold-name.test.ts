import { describe, expect, test } from 'vitest'
import { foldName } from './fold-name.ts'

describe('foldName', () => {
  test.each([
    ['README.txt', 'readme.TXT'],
    ['ÆØÅ', 'æøå'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['ẞ', 'ß'],
    ['\u212a', 'k'],
    ['𐐀', '𐐨'],
  ])('%s and %s are the same name', (a, b) => {
    expect(foldName(a)).toBe(foldName(b))
  })

  test.each([
    ['straße', 'strasse'],
    ['I', 'ı'],
    ['İ', 'i'],
    ['é', 'e\u0301'],
  ])('%s and %s are different names', (a, b) => {
    expect(foldName(a)).not.toBe(foldName(b))
  })

  test('agrees for every character with the folding of case-insensitive expressions', () => {
    for (let code = 0x80; code < 0x11000; code++) {
      const character = String.fromCodePoint(code)
      const folded = foldName(character)
      if (folded === character || (code >= 0xd800 && code < 0xe000)) continue
      expect(new RegExp(`^\\u{${code.toString(16)}}$`, 'iu').test(folded), `U+${code.toString(16)}`).toBe(true)
    }
  })
})
