import { expect, test } from 'vitest'
import { goJson } from './go-json.ts'

test('JSON escapes what Go escapes', () => {
  expect(goJson({ a: '<&>\u2028é"\\' })).toBe('{"a":"\\u003c\\u0026\\u003e\\u2028é\\"\\\\"}')
})

test('a byte that is no UTF-8 is the replacement character, and a backslash before letters none', () => {
  expect(goJson(['x\udcff', '\\udcff', '😀'])).toBe('["x\\ufffd","\\\\udcff","😀"]')
})

test('with an indent, levels stand on lines of their own', () => {
  expect(goJson({ a: 1 }, '\t')).toBe('{\n\t"a": 1\n}')
})
