import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shownPath, typedPath } from './standard-names.ts'

describe('the standard form of names', () => {
  // Seen with rclone on local disks (surface §2.2, §11.24)
  test.each([
    ['plain/ü 日本 😀', 'plain/ü 日本 😀'],
    ['a\u0001\u007f\n', 'a␁␡␊'],
    ['a␁', 'a‛␁'],
    ['‛', '‛‛'],
    ['x‛y/z', 'x‛‛y/z'],
    ['a／b', 'a／b'],
    ['．/．．/␀', '．/．．/␀'],
    ['\udcff\u0001', '\udcff␁'],
  ])('%j is shown as %j and typed so', (path, shown) => {
    expect(shownPath(path)).toBe(shown)
    expect(typedPath(shown)).toBe(path)
  })

  test('a quote alone may be typed alone', () => {
    expect([typedPath('‛'), typedPath('‛‛'), typedPath('a‛b')]).toEqual(['‛', '‛', 'a‛b'])
  })

  test('dots that lead somewhere stay what they are', () => {
    expect(typedPath('./␁/../b')).toBe('./\u0001/../b')
  })

  test('every path comes back from what is shown of it', () => {
    const paths = fc.array(fc.constantFrom(...Array.from('ab./\u0001\u007f␀␁␡‛．／\udcff')), { maxLength: 12 })
    const same = fc.property(paths, (chars) => typedPath(shownPath(chars.join(''))) === chars.join(''))
    fc.assert(same)
  })
})
