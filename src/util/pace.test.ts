import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Pace } from './pace.ts'
import { createPace } from './pace.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** How many milliseconds pass until so many more bytes may go, in pieces of what may be taken at once. */
async function milliseconds(pace: Pace, bytes: number, way: 'up' | 'down' = 'up'): Promise<number> {
  const start = performance.now()
  const over = { at: Infinity }
  const all = async (): Promise<void> => {
    for (let rest = bytes; rest > 0;) {
      const piece = Math.min(rest, pace.most(way))
      await pace.take(way, piece)
      rest -= piece
    }
    over.at = performance.now()
  }
  void all()
  await vi.advanceTimersByTimeAsync(0)
  for (let waited = 0; over.at === Infinity && waited < 100_000; waited += 10) await vi.advanceTimersByTimeAsync(10)
  return over.at - start
}

describe('a pace', () => {
  test('holds the first bytes too until their time has passed, in pieces of an eighth of a second', async () => {
    expect(createPace(() => 100_000).most('up')).toBe(12_500)
    expect(
      await milliseconds(
        createPace(() => 100_000),
        1_000_000,
      ),
    ).toBeCloseTo(10_000, -2)
    expect(
      await milliseconds(
        createPace(() => 100_000),
        1000,
      ),
    ).toBeCloseTo(10, -1)
    const slow = createPace(() => 3)
    expect(slow.most('down')).toBe(1)
    expect(await milliseconds(slow, 9, 'down')).toBeCloseTo(3000, -2)
  })

  test('a rest lets no more than such a piece go at once', async () => {
    const pace = createPace(() => 80_000)
    await milliseconds(pace, 80_000)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await milliseconds(pace, 80_000)).toBeCloseTo(875, -2)
  })

  test('who takes turns shares the rate, and none goes ahead of its turn', async () => {
    const pace = createPace(() => 1000)
    const order: string[] = []
    const start = performance.now()
    const turns = async (name: string): Promise<void> => {
      for (let i = 0; i < 4; i++) {
        await pace.take('up', 125)
        order.push(name)
      }
    }
    const both = Promise.all([turns('a'), turns('b')])
    await vi.advanceTimersByTimeAsync(5000)
    await both
    expect(order.join('')).toBe('abababab')
    expect(performance.now() - start).toBeGreaterThan(990)
  })

  test('the directions do not wait for each other', async () => {
    const pace = createPace((direction) => (direction === 'up' ? 1 : 0))
    expect(await milliseconds(pace, 1_000_000, 'down')).toBe(0)
    expect(pace.most('down')).toBe(Infinity)
  })

  test('a limit that is lifted frees who waits', async () => {
    let rate = 1
    const pace = createPace(() => rate)
    const waiting = milliseconds(pace, 1000)
    await vi.advanceTimersByTimeAsync(1000)
    rate = 0
    expect(await waiting).toBeLessThan(1600)
  })

  test('may let a burst go at once, from the beginning and again after a rest', async () => {
    const pace = createPace(() => 10, { burst: 3, rested: true })
    const each = async (count: number): Promise<number> => {
      let sum = 0
      for (let i = 0; i < count; i++) sum += await milliseconds(pace, 1)
      return sum
    }
    expect(await each(3)).toBe(0)
    expect(await each(1)).toBeCloseTo(100, -1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await each(3)).toBe(0)
    expect(await each(2)).toBeCloseTo(200, -1)
  })

  test('waiting ends with the signal, and nobody waits for bytes that did not go', async () => {
    const abort = new AbortController()
    const pace = createPace(() => 10)
    const given = pace.take('up', 1000, abort.signal)
    const behind = milliseconds(pace, 1)
    abort.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    expect(await behind).toBeLessThan(400)
    expect(await milliseconds(pace, 100)).toBeGreaterThan(9000)
  })
})
