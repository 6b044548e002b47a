import { getEventListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createLimiter } from './limiter.ts'

describe('limiter', () => {
  test('runs at most the limit, in the order of asking', async () => {
    const limiter = createLimiter(2)
    const order: number[] = []
    let [running, most] = [0, 0]
    const work = (n: number) => async (): Promise<number> => {
      order.push(n)
      most = Math.max(most, ++running)
      await delay(2)
      running--
      return n
    }
    expect(await Promise.all([1, 2, 3, 4, 5].map((n) => limiter.run(work(n))))).toEqual([1, 2, 3, 4, 5])
    expect(order).toEqual([1, 2, 3, 4, 5])
    expect(most).toBe(2)
  })

  test('a failure frees its place', async () => {
    const limiter = createLimiter(1)
    await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await limiter.run(async () => 'yes')).toBe('yes')
  })

  test('who is aborted while waiting leaves the queue, and takes nobody’s place', async () => {
    const limiter = createLimiter(1)
    const controller = new AbortController()
    const first = limiter.run(() => delay(10, 'first'))
    const second = limiter.run(async () => 'never', controller.signal)
    const third = limiter.run(async () => 'third', new AbortController().signal)
    controller.abort('enough')
    await expect(second).rejects.toBe('enough')
    expect(await Promise.all([first, third])).toEqual(['first', 'third'])
    expect(await limiter.run(async () => 'fourth')).toBe('fourth')
    await expect(limiter.run(async () => 'never', controller.signal)).rejects.toBe('enough')
  })

  test('a signal that was waited with keeps no listener', async () => {
    const limiter = createLimiter(1)
    const { signal } = new AbortController()
    await Promise.all([limiter.run(() => delay(2), signal), limiter.run(() => delay(2), signal)])
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})
