import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { basename, comparePaths, isProper, isWithin, join, normalise, parent, relative } from './path.ts'

const paths = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !name.includes('/')))
  .map((names) => names.join('/'))

describe('path', () => {
  test('join leaves out empty parts', () => {
    expect(join('', 'a', '', 'b/c')).toBe('a/b/c')
    expect(join('', '')).toBe('')
  })

  test('parent and basename take a path apart; the root is its own parent', () => {
    expect([parent('a/b/c'), basename('a/b/c')]).toEqual(['a/b', 'c'])
    expect([parent('a'), basename('a')]).toEqual(['', 'a'])
    expect([parent(''), basename('')]).toEqual(['', ''])
  })

  test('parent and basename joined give the path', () => {
    fc.assert(fc.property(paths, (path) => join(parent(path), basename(path)) === path))
  })

  test.each([
    ['/a//b/./c/', 'a/b/c'],
    ['a/../b', 'b'],
    ['../../a', 'a'],
    ['', ''],
    ['./', ''],
    ['a/..', ''],
    ['..a/b..', '..a/b..'],
  ])('what a person typed is cleaned: %s', (typed, path) => {
    expect(normalise(typed)).toBe(path)
  })

  test('a path is proper when each part can be a name', () => {
    for (const good of ['', 'a', 'a/b', '...', '..a', ' ', '．．', 'a\\b', 'a\nb'])
      expect(isProper(good), good).toBe(true)
    for (const bad of ['.', '..', 'a/..', '../a', 'a/./b', '/a', 'a/', 'a//b', 'a\0', '/'])
      expect(isProper(bad), bad).toBe(false)
  })

  test('a directory holds itself and what is below, not what begins alike', () => {
    expect(isWithin('a/b', 'a')).toBe(true)
    expect(isWithin('a', 'a')).toBe(true)
    expect(isWithin('ab', 'a')).toBe(false)
    expect(isWithin('a', 'a/b')).toBe(false)
    expect(isWithin('a', '')).toBe(true)
  })

  test('relative takes away what join puts in front', () => {
    fc.assert(fc.property(paths, paths, (dir, path) => relative(join(dir, path), dir) === path))
  })

  test('paths are ordered as the bytes of their UTF-8', () => {
    expect(comparePaths('😀', '\u{ffee}')).toBeGreaterThan(0)
    expect(comparePaths('a', 'ab')).toBeLessThan(0)
    const order = fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (a, b) => Math.sign(comparePaths(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b)),
    )
    fc.assert(order)
  })
})
