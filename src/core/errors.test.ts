import { describe, expect, test } from 'vitest'
import { isStorageError, messageOf, refine, StorageError } from './errors.ts'

describe('errors', () => {
  test('an error is neither retried nor of unknown effect unless it says so', () => {
    const error = new StorageError('quota', 'full')
    expect([error.retry, error.effect, error.details, 'cause' in error]).toEqual(['no', 'none', {}, false])
  })

  test('an error is told by its code', () => {
    const error: unknown = new StorageError('quota', 'full')
    expect([isStorageError(error), isStorageError(error, 'io', 'quota'), isStorageError(error, 'io')]).toEqual([
      true,
      true,
      false,
    ])
    expect(isStorageError(new Error('quota'))).toBe(false)
  })

  test('refining keeps message, code and first cause, and adds details', () => {
    const cause = new Error('below')
    const error = new StorageError('io', 'broken', { retry: 'later', cause, details: { path: 'a', hint: 'look' } })
    const refined = refine(error, { retry: 'given-up', details: { path: 'b' } })
    expect(refined).toMatchObject({ code: 'io', message: 'broken', retry: 'given-up', effect: 'none', cause })
    expect(refined.details).toEqual({ path: 'b', hint: 'look' })
    const first = new StorageError('io', 'broken')
    expect(refine(first, {}).cause).toBe(first)
  })

  test('anything that was thrown has a message', () => {
    expect([messageOf(new Error('a')), messageOf('b'), messageOf(undefined)]).toEqual(['a', 'b', 'undefined'])
  })
})
