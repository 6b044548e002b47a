import { describe, expect, test } from 'vitest'
import { StorageError } from '../core/errors.ts'
import { createStats } from './stats.ts'
import type { Stats } from './stats.ts'
import { statsNumbers } from './stats-json.ts'
import { formatStats } from './stats-text.ts'

const look = { oneLine: false, stamp: '', unit: 'bytes', nameLength: 45 } as const
const kib = 1024

function begin(): { s: Stats; pass: (ms: number) => void } {
  let time = 1_000_000
  const pass = (ms: number): void => {
    time += ms
  }
  return { s: createStats(() => time), pass }
}

function transfer(to: Stats, path: string, size: number): void {
  to.report({ type: 'transfer-planned', path, size })
  to.report({ type: 'transfer-started', path, size })
}

describe('statistics', () => {
  test('of nothing are two lines', () => {
    expect(formatStats(begin().s.snapshot(), look)).toBe(
      '\nTransferred:   \t          0 B / 0 B, -, 0 B/s, ETA -\nElapsed time:         0.0s\n',
    )
  })

  test('show everything that happened, in rclone’s columns', () => {
    const { s, pass } = begin()
    s.report({ type: 'listed', entries: 39 })
    for (let i = 0; i < 7; i++) {
      s.report({ type: 'check-planned', path: `c${i}` })
      s.report({ type: 'check-started', path: `c${i}` })
      s.report({ type: 'check-done', path: `c${i}` })
    }
    for (const size of [10, 6]) s.report({ type: 'deleted', path: 'd', size })
    for (const path of ['x', 'y', 'z']) s.report({ type: 'dir-deleted', path })
    s.report({ type: 'renamed', path: 'r' })
    s.report({ type: 'server-side-copy', path: 'r', size: 12 })
    s.report({ type: 'error', path: 'e', error: new Error('no') })
    transfer(s, 'big.bin', 1536 * kib)
    s.report({ type: 'transfer-progress', path: 'big.bin', position: 128_106 })
    transfer(s, 'waiting.bin', 100)
    s.report({ type: 'check-planned', path: 'some/name' })
    s.report({ type: 'check-started', path: 'some/name' })
    pass(250)
    s.sample()
    pass(3_723_000)
    expect(formatStats(s.snapshot(), look).split('\n')).toEqual([
      '',
      'Transferred:   \t  125.104 KiB / 1.500 MiB, 8%, 500.414 KiB/s, ETA 2s',
      'Errors:                 1 (retrying may help)',
      'Checks:                 7 / 8, 88%, Listed 39',
      'Deleted:                2 (files), 3 (dirs), 16 B (freed)',
      'Renamed:                1',
      'Transferred:            0 / 2, 0%',
      'Server Side Copies:     1 @ 12 B',
      'Elapsed time:     1h2m3.2s',
      'Checking:',
      ' *                                     some/name: checking',
      'Transferring:',
      ' *                                       big.bin:  8% / 1.500 MiB, 500.414 KiB/s, 2s',
      ' *                                   waiting.bin: transferring',
      '',
    ])
  })

  test('in one line tell of what waits', () => {
    const { s } = begin()
    for (const path of ['a', 'b']) s.report({ type: 'transfer-planned', path, size: 25 })
    s.report({ type: 'transfer-started', path: 'a', size: 25 })
    s.report({ type: 'transfer-done', path: 'a', size: 25, failed: false })
    expect(formatStats(s.snapshot(), { ...look, oneLine: true })).toBe(
      '         25 B / 50 B, 50%, 0 B/s, ETA - (xfr#1/2)',
    )
    expect(formatStats(s.snapshot(), { ...look, oneLine: true, stamp: '10:00 ' })).toMatch(/^10:00 {10}25 B /)
  })

  test('cut long names in the middle, by code points', () => {
    const { s } = begin()
    transfer(s, `${'ä'.repeat(30)}😀${'z'.repeat(30)}`, 1)
    const line = formatStats(s.snapshot(), { ...look, nameLength: 11 })
      .split('\n')
      .at(-2)
    expect(line).toBe(' * äääää…zzzzz: transferring')
    expect(formatStats(s.snapshot(), { ...look, nameLength: 0 })).toContain('äää😀zzz')
  })

  test('in bits', () => {
    const { s, pass } = begin()
    transfer(s, 'a', 10 * kib)
    s.report({ type: 'transfer-progress', path: 'a', position: kib })
    pass(1000)
    s.sample()
    expect(formatStats(s.snapshot(), { ...look, unit: 'bits' })).toContain('8 Kibit/s, ETA 9s')
  })

  test('count a resend once, and a file that needed no bytes as done', () => {
    const { s } = begin()
    transfer(s, 'a', 100)
    for (const position of [60, 10, 80]) s.report({ type: 'transfer-progress', path: 'a', position })
    expect(s.snapshot()).toMatchObject({ bytes: 80, totalBytes: 100, transfers: 0 })
    s.report({ type: 'transfer-done', path: 'a', size: 100, failed: false })
    expect(s.snapshot()).toMatchObject({
      bytes: 100,
      totalBytes: 100,
      transfers: 1,
      totalTransfers: 1,
      transferring: [],
    })
  })

  test('do not count a failed transfer', () => {
    const { s } = begin()
    transfer(s, 'a', 100)
    s.report({ type: 'transfer-done', path: 'a', size: 100, failed: true })
    expect(s.snapshot()).toMatchObject({ bytes: 0, transfers: 0, totalTransfers: 0 })
  })

  test('count an error object once, equal ones each', () => {
    const { s } = begin()
    const error = new StorageError('dir-not-found', 'directory not found')
    s.report({ type: 'error', path: '', error })
    s.countError(error)
    expect(s.errors.count).toBe(1)
    s.countError(new StorageError('dir-not-found', 'directory not found'))
    expect(s.errors).toMatchObject({ count: 2, fatal: false, retry: true })
    s.countError(new StorageError('fatal', 'over', { details: { retryAfter: 500 } }))
    expect(s.errors).toMatchObject({ fatal: true, retryAt: 1_000_500 })
    s.resetErrors()
    expect(s.errors.count).toBe(0)
  })

  test('have rclone’s names as numbers', () => {
    const { s, pass } = begin()
    transfer(s, 'a', 12)
    s.report({ type: 'transfer-done', path: 'a', size: 12, failed: false })
    pass(1500)
    expect(statsNumbers(s.snapshot())).toEqual({
      bytes: 12,
      checks: 0,
      deletedDirs: 0,
      deletes: 0,
      elapsedTime: 1.5,
      errors: 0,
      eta: null,
      fatalError: false,
      listed: 0,
      renames: 0,
      retryError: false,
      serverSideCopies: 0,
      serverSideCopyBytes: 0,
      serverSideMoveBytes: 0,
      serverSideMoves: 0,
      speed: 0,
      totalBytes: 12,
      totalChecks: 0,
      totalTransfers: 1,
      transferTime: 0,
      transfers: 1,
    })
  })

  test('name what is underway and the last error', () => {
    const { s } = begin()
    transfer(s, 'a', 10)
    s.report({ type: 'check-started', path: 'c' })
    s.countError(new Error('oops'))
    expect(statsNumbers(s.snapshot())).toMatchObject({
      lastError: 'oops',
      checking: ['c'],
      transferring: [{ name: 'a', size: 10, bytes: 0, percentage: 0, eta: null }],
    })
  })
})
