import { describe, expect, test } from 'vitest'
import { StorageError } from '../core/errors.ts'
import { parseHashFilter } from './hash-partition.ts'

describe('parts by hash', () => {
  test('are those of rclone', () => {
    const parts = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => partOf(`file${n}.jpg`, 4))
    expect(parts).toEqual([0, 2, 1, 2, 0, 1, 3, 3, 1])
  })

  test('hold each file once, and K counts modulo N', () => {
    expect([0, 1, 2, 3, 4].map((k) => parseHashFilter(`${k}/3`)?.('file1.jpg'))).toEqual([
      false,
      false,
      true,
      false,
      false,
    ])
    expect(parseHashFilter('5/3')?.('file1.jpg')).toBe(true)
  })

  test('do not tell case or Unicode forms apart', () => {
    const same = ['É/Σ', 'e\u0301/σ', 'É/σ'].map((path) => partOf(path, 97))
    expect(new Set(same).size).toBe(1)
    expect(partOf('İ', 97)).toBe(partOf('i', 97))
  })

  test('are none where none is asked for, and one of all with @', () => {
    expect(parseHashFilter('')).toBeUndefined()
    const inPart = parseHashFilter('@/1')
    expect(inPart?.('a')).toBe(true)
  })

  test.each([
    ['1', 'no / found'],
    ['a/3', `can't parse K="a": strconv.ParseUint: parsing "a": invalid syntax`],
    ['1/0', 'N must be greater than 0'],
    ['1/-2', `can't parse N="-2": strconv.ParseUint: parsing "-2": invalid syntax`],
    ['-1/3', `can't parse K="-1": strconv.ParseUint: parsing "-1": invalid syntax`],
    ['/3', `can't parse K="": strconv.ParseUint: parsing "": invalid syntax`],
    [
      '18446744073709551616/3',
      `can't parse K="18446744073709551616": strconv.ParseUint: parsing "18446744073709551616": value out of range`,
    ],
  ])('%s: %s', (text, message) => {
    expect(() => parseHashFilter(text)).toThrow(new StorageError('config', `filter: --hash-filter: ${message}`))
  })
})

function partOf(path: string, n: number): number {
  return Array.from({ length: n }, (_, k) => k).findIndex((k) => parseHashFilter(`${k}/${n}`)?.(path))
}
