import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readVectors } from '../../test/support/read-vectors.ts'
import { isObscured, obscure, reveal } from './obscure.ts'

describe('obscured passwords', () => {
  test.each(readVectors('obscure.tsv'))('%s is %s', (obscured = '', plain = '') => {
    expect(reveal(obscured)).toBe(plain)
  })

  test('are revealed again, are never the same, and as long as rclone makes them', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => reveal(obscure(text)) === text))
    expect(obscure('x')).not.toBe(obscure('x'))
    expect(obscure('')).toHaveLength(22)
    expect(obscure('x')).toHaveLength(23)
  })

  test.each([
    ['***', 'base64 decode failed when revealing password - is it obscured?: illegal base64 data at input byte 0'],
    ['ab*', 'base64 decode failed when revealing password - is it obscured?: illegal base64 data at input byte 2'],
    ['abcde', 'base64 decode failed when revealing password - is it obscured?: illegal base64 data at input byte 4'],
    ['abc', 'input too short when revealing password - is it obscured?'],
  ])('%s is refused', (text, message) => {
    expect(() => reveal(text)).toThrow(message)
    expect(isObscured(text)).toBe(false)
  })
})
