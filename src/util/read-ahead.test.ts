import { describe, expect, test } from 'vitest'
import { all } from '../../test/support/recorded-run.ts'
import { readAhead } from './read-ahead.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Chunks of 10 bytes, numbered, and how many were asked for; then what `end` does. */
function chunks(count: number, end: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()) {
  const seen = { read: 0 }
  const open = async function* (signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (; seen.read < count;) yield new Uint8Array(10).fill(seen.read++)
    await end(signal)
  }
  return { seen, open }
}

describe('reading ahead', () => {
  test.each([
    [1, 3],
    [10, 3],
    [50, 7],
    [55, 8],
  ])('of %i bytes: so much waits, and one chunk', async (bytes, read) => {
    const { seen, open } = chunks(100)
    const stream = readAhead(open, bytes, undefined)
    await stream.next()
    await tick()
    expect(seen.read).toBe(read)
    await stream.return(undefined)
  })

  test('gives everything in its order, then the error of the stream', async () => {
    const { open } = chunks(20)
    expect((await all(readAhead(open, 35, undefined))).map(([first]) => first)).toEqual([...Array(20).keys()])
    const broken = readAhead(chunks(1, () => Promise.reject(new Error('broken'))).open, 100, undefined)
    expect((await broken.next()).value).toHaveLength(10)
    await expect(broken.next()).rejects.toThrow('broken')
  })

  test('ends what stalls when nobody reads any more, or the signal says so', async () => {
    const stalled = (signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const left = readAhead(chunks(1, stalled).open, 100, undefined)
    await left.next()
    await left.return(undefined)
    const abort = new AbortController()
    const aborted = readAhead(chunks(0, stalled).open, 100, abort.signal)
    const next = aborted.next()
    abort.abort(new Error('enough'))
    await expect(next).rejects.toThrow('enough')
  })
})
