import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expandedValues, findSection, removeKeys, removeSection, setKeys, type Ini } from './ini.ts'
import { formatIni, parseIni } from './ini-text.ts'

const mixed =
  '# top\n[a]\n# about type\ntype = alias\nremote:colon/sep\n  ind = yes  \nk1 = v # no comment\nk3 = "quoted"\n' +
  'k4 = `back`\nk5 = a=b=c\nk6 = %(type)s-x\nk7 =\n[b ]\ntype = local\n[a]\nremote = second\n'

function values(ini: Ini, name: string): Readonly<Record<string, string>> {
  const section = findSection(ini, name)
  return section ? expandedValues(ini, section) : {}
}

describe('reading', () => {
  test('takes the forms of the recorded case ini-parsing', () => {
    const ini = parseIni(mixed)
    expect(values(ini, 'a')).toEqual({
      type: 'alias',
      remote: 'second',
      ind: 'yes',
      k1: 'v # no comment',
      k3: '"quoted"',
      k4: 'back',
      k5: 'a=b=c',
      k6: 'alias-x',
      k7: '',
    })
    expect(values(ini, 'b')).toEqual({ type: 'local' })
  })

  test('accepts a byte order mark, CRLF and a last line without end', () => {
    expect(values(parseIni('\uFEFF[a]\r\nk = v\r\nl = w'), 'a')).toEqual({ k: 'v', l: 'w' })
  })

  test('numbers the keys called "-" from one in each section', () => {
    const ini = parseIni('[a]\n- = x\n- = y\n[b]\n- = z\n')
    expect(values(ini, 'a')).toEqual({ '#1': 'x', '#2': 'y' })
    expect(values(ini, 'b')).toEqual({ '#1': 'z' })
    expect(formatIni(ini)).toBe('[a]\n- = x\n- = y\n\n[b]\n- = z\n\n')
  })

  test('puts keys before any section into DEFAULT, and writes them without a header', () => {
    const ini = parseIni('k = v\n[a]\nx = %(k)s\n')
    expect(values(ini, 'DEFAULT')).toEqual({ k: 'v' })
    expect(values(ini, 'a')).toEqual({ x: 'v' })
    expect(formatIni(ini)).toBe('k = v\n\n[a]\nx = %(k)s\n\n')
  })

  test.each([
    ['%(nosuch)s.', '.'],
    ['100%', '100%'],
    ['%(x', '%(x'],
    ['%(k)s', '%(k)s'],
  ])('expands %s to %j', (text, expected) => {
    expect(values(parseIni(`[a]\nk = ${text}\n`), 'a')).toEqual({ k: expected })
  })

  test('a value that names another one without end is expanded 200 times', () => {
    const found = values(parseIni('[a]\nk = %(l)s\nl = %(k)s/x\n'), 'a')
    expect(found).toEqual({ k: `%(l)s${'/x'.repeat(100)}`, l: `%(k)s${'/x'.repeat(101)}` })
  })

  test('does not grow without end on values that name each other', () => {
    expect(values(parseIni('[a]\nk = %(l)s%(l)s\nl = %(k)s%(k)s\n'), 'a')).toEqual({ k: '', l: '' })
  })

  test.each([
    ['justaword', 'could not parse line: justaword'],
    ['= v', 'could not parse line: …'],
    ['"k = v', 'could not parse line: "k …'],
    ['token = `{"access_token":"secret"}', 'could not parse line: token …'],
    ['x'.repeat(50), `could not parse line: ${'x'.repeat(40)}…`],
  ])('refuses %s without showing a value', (line, message) => {
    expect(() => parseIni(`[a]\n${line}\n`)).toThrow(message)
  })

  test('refuses keys below an empty header', () => {
    expect(() => parseIni('[]\nk = v\n')).toThrow('empty section name not allowed')
  })
})

describe('writing', () => {
  test('gives what the recorded case ini-parsing saved', () => {
    expect(formatIni(setKeys(parseIni(mixed), 'b', { x: '1' }))).toBe(
      '# top\n[a]\n# about type\ntype = alias\nremote = second\nind = yes\nk1 = v # no comment\nk3 = "quoted"\nk4 = back\n' +
        'k5 = a=b=c\nk6 = %(type)s-x\nk7 = \n\n[b]\ntype = local\nx = 1\n\n',
    )
  })

  test('keeps the comments above sections and keys, as in config-save-keeps', () => {
    const ini = parseIni(
      '# top\n\n; about a\n[a]\n; about type\ntype = alias\nremote = src\n\n# about b\n[b]\ntype = local\n# lost\n',
    )
    expect(formatIni(setKeys(ini, 'a', { remote: 'dst' }))).toBe(
      '# top\n; about a\n[a]\n; about type\ntype = alias\nremote = dst\n\n# about b\n[b]\ntype = local\n\n',
    )
  })

  test('removes keys and sections, and what is not there without complaint', () => {
    const ini = parseIni('[a]\nk = 1\nl = 2\n\n[b]\nk = 3\n')
    expect(formatIni(removeSection(removeKeys(ini, 'a', ['k', 'zz']), 'b'))).toBe('[a]\nl = 2\n\n')
    expect(removeSection(ini, 'zz')).toEqual(ini)
  })

  test('refuses a value of two lines, without showing it', () => {
    expect(() => setKeys([], 'a', { password: 'one\ntwo' })).toThrow('the config key "password" cannot be stored')
  })

  test('every text that was written is read back the same', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab =:`"#;[]%\t\u00a0é'.split('')), minLength: 1, maxLength: 8 })
    const name = word.filter((text) => !(text.includes('`') && text.includes('"')) && text !== '-')
    const record = fc.dictionary(name, word, { maxKeys: 4 })
    fc.assert(
      fc.property(record, (stored) => {
        const ini = setKeys([], 'a', stored)
        const read = findSection(parseIni(formatIni(ini)), 'a')
        expect(Object.fromEntries(read?.keys.map((key) => [key.name, key.value]) ?? [])).toEqual(stored)
      }),
    )
  })
})
