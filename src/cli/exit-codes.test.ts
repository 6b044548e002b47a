import { expect, test } from 'vitest'
import { StorageError } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'
import { exitCodeOf, exitCodeOfSignal, severityOf } from './exit-codes.ts'

test.each([
  ['io', 'no', 1],
  ['is-dir', 'no', 1],
  ['config', 'later', 1],
  ['usage', 'no', 2],
  ['dir-not-found', 'no', 3],
  ['not-found', 'no', 4],
  ['not-found', 'given-up', 4],
  ['network', 'given-up', 5],
  ['unavailable', 'later', 5],
  ['read-only', 'no', 6],
  ['changed', 'no', 6],
  ['changed', 'later', 5],
  ['fatal', 'no', 7],
  ['auth', 'no', 1],
] as const)('%s (retry: %s) exits %d', (code: ErrorCode, retry, exit) => {
  expect(exitCodeOf(new StorageError(code, 'x', { retry }))).toBe(exit)
})

test('what is no StorageError exits 1', () => {
  expect([exitCodeOf(new TypeError('x')), exitCodeOf('x')]).toEqual([1, 1])
})

test('a login that has ended is not tried again', () => {
  const codes = ['auth', 'fatal', 'read-only', 'io'] as const
  expect(codes.map((code) => severityOf(new StorageError(code, 'x')))).toEqual(['fatal', 'fatal', 'no-retry', 'retry'])
})

test('a signal exits 128 and its number', () => {
  expect([exitCodeOfSignal('SIGINT'), exitCodeOfSignal('SIGTERM')]).toEqual([130, 143])
})
