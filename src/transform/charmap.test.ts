import { expect, test } from 'vitest'
import { charmap, charmaps } from './charmap.ts'

// Those that the decoder of Node has right
test.each([
  ['IBM-Code-Page-866', 'ibm866'],
  ['ISO-8859-2', 'iso-8859-2'],
  ['ISO-8859-7', 'iso-8859-7'],
  ['ISO-8859-15', 'iso-8859-15'],
  ['KOI8-R', 'koi8-r'],
  ['Macintosh', 'macintosh'],
  ['Macintosh-Cyrillic', 'x-mac-cyrillic'],
  ['Windows-1251', 'windows-1251'],
  ['Windows-1256', 'windows-1256'],
])('%s has the characters of its 256 bytes, and no others', (page, label) => {
  const decoder = new TextDecoder(label)
  const bytes = Array.from({ length: 256 }, (_, byte) => decoder.decode(Uint8Array.of(byte)))
  const own = new Set(bytes.filter((char) => char !== '\uFFFD' && !(char >= '\u0080' && char < '\u00A0')))
  const replace = charmap(page)
  for (let code = 1; code < 0xffff; code++) {
    const char = String.fromCharCode(code)
    if (char !== '\uFFFD') expect(replace(char) === char, `U+${code.toString(16)}`).toBe(own.has(char))
  }
})

test('every code page that rclone lists is there, and has ASCII', () => {
  expect(charmaps).toHaveLength(42)
  const ascii = String.fromCharCode(...Array.from({ length: 127 }, (_, i) => i + 1))
  for (const page of charmaps) expect(charmap(page)(`${ascii}😀`)).toBe(`${ascii}_`)
})
