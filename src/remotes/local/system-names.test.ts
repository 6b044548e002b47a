import { describe, expect, test } from 'vitest'
import { oddNames } from '../../../test/command/trees.ts'
import { matchKey } from '../../core/names.ts'
import { systemNames } from './system-names.ts'

const byte = '\udcff'

describe.each([
  ['linux', false, ['a', `b${byte}`, 'C:', 'd\\e', 'f:g?', 'h. '], `/a/b${byte}/C:/d\\e/f:g?/h. `],
  ['darwin', true, ['a', `b${byte}`, 'C:', 'd\\e', 'f:g?', 'h. '], '/a/b‛FF/C:/d\\e/f:g?/h. '],
  [
    'win32',
    true,
    ['C:', `b${byte}`, 'C:', 'd\\e', 'f:g?<|>*"', 'h. ', 'i.', '\t'],
    'C:\\b‛FF\\C：\\d＼e\\f：g？＜｜＞＊＂\\h.␠\\i．\\␉',
  ],
] as const)('on %s', (platform, caseInsensitive, names, stored) => {
  const rules = systemNames(platform)

  test('what a name cannot have stands there as its look-alike, and comes back', () => {
    expect(rules.toSystem(names.join('/'))).toBe(stored)
    expect(rules.fromSystem(stored)).toBe(names.join('/'))
  })

  test('every odd name comes back, look-alikes too, and two never become one', () => {
    const odd = [...oddNames, '：', '‛：', '‛', 'a．', 'a␠', '‛FF', `${byte}\udc80`, 'con', 'æ', '\u0001']
    const paths = odd.map((name) => `C:/${name}`)
    const seen = paths.map((path) => rules.toSystem(path))
    expect(seen.map((path) => rules.fromSystem(path))).toEqual(paths)
    expect(new Set(seen).size).toBe(paths.length)
    for (const [at, name] of odd.entries())
      expect(rules.nameOf(seen[at]?.slice(platform === 'win32' ? 3 : 4) ?? '')).toBe(name)
  })

  test('case and Unicode form', () => {
    expect(rules.caseInsensitive).toBe(caseInsensitive)
    const key = (name: string): string => matchKey(name, rules)
    expect(key('A') === key('a')).toBe(caseInsensitive)
    expect(key('e\u0301')).toBe(key('\u00e9'))
  })
})

test('what nobody here has stored is shown as it is where it would be no name; a drive is its root', () => {
  const { nameOf, toSystem, fromSystem } = systemNames('win32')
  expect(nameOf('．')).toBe('．')
  expect(nameOf('a／b')).toBe('a／b')
  expect(toSystem('C:')).toBe('C:\\')
  expect(fromSystem('C:\\')).toBe('C:')
  expect(systemNames('linux').toSystem('')).toBe('/')
  expect(systemNames('darwin').toSystem('')).toBe('/')
})
