import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasEscapedBytes, looseKey, matchKey, nameFromBytes, nameToBytes } from './names.ts'

describe('names', () => {
  test('any bytes survive as a name', () => {
    const survive = fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) =>
      nameToBytes(nameFromBytes(bytes)).equals(Buffer.from(bytes)),
    )
    fc.assert(survive)
  })

  test('a well-formed name is its UTF-8', () => {
    const same = fc.property(fc.string({ unit: 'binary' }), (name) => {
      const bytes = Buffer.from(name)
      return nameToBytes(name).equals(bytes) && nameFromBytes(bytes) === name
    })
    fc.assert(same)
  })

  test('only the bytes that are no UTF-8 are escaped', () => {
    const name = nameFromBytes(Buffer.from('62e5ff2dc3a5f09f9880c3', 'hex'))
    expect(name).toBe('b\uDCE5\uDCFF-å😀\uDCC3')
    expect(hasEscapedBytes(name)).toBe(true)
    expect(hasEscapedBytes('blåbær 😀')).toBe(false)
  })

  test.each(['c080', 'eda080', 'f4908080', 'e282'])('bytes that only look like UTF-8 are escaped: %s', (hex) => {
    const name = nameFromBytes(Buffer.from(hex, 'hex'))
    expect(name).toMatch(/^[\uDC80-\uDCFF]+$/u)
    expect(nameToBytes(name).toString('hex')).toBe(hex)
  })

  test('a byte order mark is part of the name', () => {
    expect(nameFromBytes(Buffer.from('efbbbf61', 'hex'))).toBe('\ufeffa')
  })

  test('names match by their composed form, and by case where the place ignores it', () => {
    const [composed, apart] = ['\u00c5', 'A\u030a']
    expect(matchKey(apart, { caseInsensitive: false })).toBe(composed)
    expect(matchKey(apart, { caseInsensitive: true })).toBe('\u00e5')
    expect(matchKey(apart, { caseInsensitive: false, normalise: false })).toBe(apart)
    expect(matchKey('A/b', { caseInsensitive: false })).toBe('A/b')
  })

  test('names that some place may take for one have one loose key', () => {
    for (const [one, other] of [
      ['Caf\u00e9/Dir', 'cafe\u0301/dir'],
      ['stra\u00dfe', 'STRASSE'],
      ['\u017f', 's'],
      ['\u212a', 'k'],
    ] as const) {
      expect(looseKey(one)).toBe(looseKey(other))
    }
    expect(looseKey('a')).not.toBe(looseKey('\u00e4'))
  })
})
