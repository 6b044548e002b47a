import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nameFromBytes } from '../../core/names.ts'
import { createEncoder } from '../../options/encoder.ts'
import { encodingFlags } from '../../options/encoding.ts'
import { createNames, defaultEncoding } from './names.ts'

const names = createNames()
const encoder = createEncoder(['Zero', ...defaultEncoding])

/** How rclone shows names and takes them from people: what fjord does where text goes in and out, paths being real names. */
const standard = createEncoder(['Ctl', 'Del'])

describe('vectors recorded from rclone', () => {
  const table = new URL('../../../test/golden/vectors/jottacloud-encoding.tsv', import.meta.url)
  const [, ...rows] = readFileSync(table, 'utf8').trimEnd().split('\n')
  test.each(rows.map((row) => row.split('\t').map(unescaped)))(
    '%j is stored as %j and shown as %j',
    (name, stored, shown) => {
      expect(names.stored(standard.decode(name ?? ''))).toBe(stored)
      expect(standard.encode(names.shown(stored ?? ''))).toBe(shown)
    },
  )
})

describe('real names (docs/protocol.md §5.3)', () => {
  test.each([
    ['a:b?c*d"e<f>g|h', 'a：b？c＊d＂e＜f＞g｜h'],
    ['50%.txt', '50％.txt'],
    ['‛％', '‛‛‛％'],
    ['a‛FFb', 'a‛‛FFb'],
    ['\0', '␀'],
    ['␀', '‛␀'],
    ['c\x01\x1F\x7Fd', 'c␁␟␡d'],
    [nameFromBytes(Buffer.from('bad\xFF\xFE', 'latin1')), 'bad‛FF‛FE'],
    [nameFromBytes(Buffer.from('b\xC3', 'latin1')), 'b‛C3'],
    ['.', '．'],
    ['..', '．．'],
    ['．', '‛．'],
    ['．．', '‛．‛．'],
    ['...', '...'],
    ['a．b', 'a．b'],
    ['back\\slash', 'back\\slash'],
    ['trail ', 'trail '],
    ['\uFFFD', '\uFFFD'],
  ])('%j is stored as %j', (real, stored) => {
    expect(encoder.encode(real)).toBe(stored)
    expect(encoder.decode(stored)).toBe(real)
  })

  test('without Percent a percent sign stays', () => {
    const old = createEncoder(defaultEncoding.filter((flag) => flag !== 'Percent'))
    expect(old.encode('50%.txt ％')).toBe('50%.txt ％')
  })

  test('quoted bytes that make UTF-8 together come back as their character', () => {
    expect(encoder.decode('‛C3‛A9‛ff‛4')).toBe('é\uDCFF‛4')
  })
})

describe('names that come from the service', () => {
  test.each(['.', '..', 'a/b', '‛2F', '‛2E', '‛00'])('%j is never shown as a path of its own', (stored) => {
    const shown = names.shown(stored)
    expect(shown).not.toMatch(/[/\0]/)
    expect(['.', '..']).not.toContain(shown)
  })

  test('an empty one is an error', () => {
    expect(() => names.shown('')).toThrow(expect.objectContaining({ code: 'protocol' }))
  })
})

const anyName = fc
  .array(fc.constantFrom(...Array.from('ab:*%/‛：％␀␁␡．.4F é😀\x01\x7F\0\uDC80\uDCFF\uFFFD')), {
    minLength: 1,
    maxLength: 8,
  })
  .map((chars) => chars.join(''))
  .filter((name) => !/[\uD800-\uDBFF][\uDC80-\uDCFF]$/.test(name))

test('every real name comes back from its stored form', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      expect(encoder.decode(encoder.encode(name))).toBe(name)
    }),
  )
})

test('with any groups, every name comes back from its stored form', () => {
  const flags = fc.subarray(encodingFlags.filter((flag) => flag !== 'Raw'))
  const nasty = fc
    .array(fc.constantFrom(...Array.from(" .~\t\n\v\r␠．～␉␊‛'`$#\\[];!＇［a\x7F␡")), { minLength: 1, maxLength: 6 })
    .map((chars) => chars.join(''))
  fc.assert(
    fc.property(flags, nasty, (groups, name) => {
      const any = createEncoder(groups)
      expect(any.decode(any.encode(name))).toBe(name)
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['RightPeriod', '．.'],
  ['LeftPeriod', '.．'],
] as const)('with Dot and %s, %s is told from ..', (group, name) => {
  const dotted = createEncoder(['Dot', group])
  expect(dotted.encode(name)).not.toBe(dotted.encode('..'))
  expect(dotted.decode(dotted.encode(name))).toBe(name)
})

describe('groups that only concern an end of the name', () => {
  test.each([
    ['LeftSpace', ' a ', '␠a '],
    ['RightSpace', ' a ', ' a␠'],
    ['LeftPeriod', '.a.', '．a.'],
    ['RightPeriod', '.a.', '.a．'],
    ['LeftTilde', '~a~', '～a~'],
    ['RightCrLfHtVt', '\ta\t', '\ta␉'],
    ['LeftSpace', '␠a␠', '‛␠a␠'],
    ['CrLf', 'a\r\n\t', 'a␍␊\t'],
    ['Hash', '#＃', '＃‛＃'],
    ['Raw', ':‛', ':‛'],
  ] as const)('%s stores %j as %j', (flag, real, stored) => {
    expect(createEncoder([flag, 'Colon']).encode(real)).toBe(stored)
    expect(createEncoder([flag, 'Colon']).decode(stored)).toBe(real)
  })
})

test('every name in a path comes back from its stored form', () => {
  fc.assert(
    fc.property(anyName.filter(isInPath), (name) => {
      expect(names.shown(names.stored(name))).toBe(name)
    }),
  )
})

test.each(['dir/a\uD800', 'dir/..', './a', 'a//b', 'a\0', '/a'])('%j is refused as a path', (path) => {
  expect(() => names.stored(path)).toThrow(expect.objectContaining({ code: 'invalid-name' }))
})

test('a path is encoded name by name', () => {
  expect(names.stored('a:b/．．/c')).toBe('a：b/．．/c')
  expect(names.stored('')).toBe('')
})

function isInPath(name: string): boolean {
  return !/[/\0]/.test(name) && name !== '.' && name !== '..'
}

function unescaped(cell: string): string {
  return cell.replace(/\\([\\nt])/g, (_, char: string) => ({ n: '\n', t: '\t' })[char] ?? '\\')
}
