import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { ownText } from './own-text.ts'

test('says the same', () => {
  assert(property(string({ unit: 'binary' }), (text) => ownText(text) === text))
  for (const text of ['', 'plain', 'ünï', '日本', 'raw \uDC80 byte', '😀']) expect(ownText(text)).toBe(text)
})
