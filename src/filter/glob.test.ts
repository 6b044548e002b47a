import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileExpression } from './expression.ts'
import { globExpression } from './glob.ts'

type Piece = string | readonly string[]

const pieces = fc.oneof(
  fc.constantFrom('*', '**', '?', 'a', 'b', '/', '.', '+', '\n', '\u2028', '😀', '\\*', '\\{', '$'),
  fc.array(fc.constantFrom('', 'a', 'b', 'ab', '?'), { minLength: 1, maxLength: 3 }),
)
const patterns = fc
  .array(pieces, { minLength: 1, maxLength: 5 })
  .filter((parts) => !/\*{3}/.test(parts.map(written).join('')) && !/(^|[^*])\*\|\*/.test(parts.map(written).join('|')))
const paths = fc
  .array(fc.constantFrom('a', 'b', 'ab', '/', '.', '+', '\n', '\u2028', '😀', '*', '{', '$', '\uFFFD'), {
    maxLength: 7,
  })
  .map((parts) => parts.join(''))

describe('patterns', () => {
  test('match as one who tries everything finds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), patterns, paths, async (anchored, parts, path) => {
        const glob = (anchored ? '/' : '') + parts.map(written).join('')
        fc.pre(anchored || !glob.startsWith('/'))
        const starts = anchored ? [0] : [0, ...Array.from(path).flatMap((char, at) => (char === '/' ? [at + 1] : []))]
        const expected = starts.some((start) => isMatch(parts, Array.from(path).slice(start)))
        const matches = await compileExpression(globExpression(glob))
        expect(matches(path)).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('mean the same to both engines', async () => {
    await fc.assert(
      fc.asyncProperty(patterns, fc.array(paths), fc.boolean(), async (parts, names, ignoreCase) => {
        const expression = globExpression(parts.map(written).join(''), { ignoreCase })
        fc.pre(expression.simple)
        const simple = await compileExpression(expression)
        const linear = await compileExpression({ ...expression, simple: false })
        const all = [...names, ...names.map((name) => name.toUpperCase())]
        expect(all.map(simple)).toEqual(all.map(linear))
      }),
    )
  })

  test('fold case one character for one, as Unicode says', async () => {
    for (const glob of ['straße-k', '{{straße-k}}']) {
      const matches = await compileExpression(globExpression(glob, { ignoreCase: true }))
      expect(['STRAẞE-\u212A', 'Straße-K', 'STRASSE-K'].map(matches)).toEqual([true, true, false])
    }
  })

  test.each([
    ['{{(?i)file}}.x', ['FILE.x'], ['FILE.X']],
    ['{{(?i:k)s}}', ['Ks', '\u212As'], ['KS']],
    ['{{(?P<n>a)\\z}}', ['a', 'b/a'], ['ab']],
    ['{{\\Qa.b\\E}}', ['a.b'], ['axb']],
    ['{{\\p{Greek}+}}', ['αβ'], ['ab']],
    ['{{[\\x{1F600}-\\x{1F602}]}}', ['😀'], ['😎']],
    ['{{a.c}}', ['a\u2028c'], ['a\nc']],
    ['[[:alpha:]\\d]', ['a', '1'], ['-']],
    ['a\\-\\_\\ ', ['a-_ '], ['a']],
    ['\\d', ['1'], ['d']],
    ['a{{x}}}', ['ax}'], ['ax']],
  ])("%s is in RE2's syntax", async (glob, matching, others) => {
    const matches = await compileExpression(globExpression(glob))
    expect(matching.map(matches)).toEqual(matching.map(() => true))
    expect(others.map(matches)).toEqual(others.map(() => false))
  })

  test.each([
    ['{{(?=x)}}', 'invalid or unsupported Perl syntax: `(?=`'],
    ['{{(a)\\1}}', 'invalid escape sequence: `\\1`'],
    ['{{a{1001}}}', 'invalid repeat count: `{1001}`'],
    ['{{a**}}', 'invalid nested repetition operator: `**`'],
    ['{{*}}', 'missing argument to repetition operator: `*`'],
    ['{{[b-a]}}', 'invalid character class range: `b-a`'],
    ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
    ['{{\\p{Nope}}}', 'invalid character class range: `\\p{Nope}`'],
  ])('%s is refused as RE2 does', async (glob, why) => {
    await expect(compileExpression(globExpression(glob))).rejects.toThrow(`error parsing regexp: ${why}`)
  })

  test.each(['**a**a**a**a**b', '*a*a*a*a*a*a*b', `${'{a,a}'.repeat(30)}b`, '{{(a*)*b}}', '**/**a'])(
    '%s needs no long time for any path',
    async (glob) => {
      const matches = await compileExpression(globExpression(glob))
      const began = performance.now()
      expect([matches(`b${'a'.repeat(4000)}`), matches(`${'ab/'.repeat(1300)}-`)]).toContain(false)
      expect(performance.now() - began).toBeLessThan(20_000)
    },
  )
})

function written(piece: Piece): string {
  return typeof piece === 'string' ? piece : `{${piece.join(',')}}`
}

function isMatch(parts: readonly Piece[], chars: readonly string[]): boolean {
  const [piece, ...rest] = parts
  if (piece === undefined) return chars.length === 0
  if (typeof piece !== 'string') return piece.some((choice) => isMatch([...Array.from(choice), ...rest], chars))
  if (piece === '*' || piece === '**') {
    const stop = piece === '*' ? '/' : '\n'
    return isMatch(rest, chars) || (chars.length > 0 && chars[0] !== stop && isMatch(parts, chars.slice(1)))
  }
  const [first] = chars
  const fits = piece === '?' ? first !== undefined && first !== '/' : first === piece.replace('\\', '')
  return fits && isMatch(rest, chars.slice(1))
}
