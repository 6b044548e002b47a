import { getEventListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { linked, mapConcurrent, sleep } from './async.ts'

describe('sleep', () => {
  test('ends at once with the reason of an abort, and leaves no listener', async () => {
    const controller = new AbortController()
    const sleeping = sleep(60_000, controller.signal)
    controller.abort('enough')
    await expect(sleeping).rejects.toBe('enough')
    await expect(sleep(60_000, controller.signal)).rejects.toBe('enough')
    const other = new AbortController()
    await sleep(1, other.signal)
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(0)
  })
})

describe('linked', () => {
  test('follows each parent with its reason', () => {
    const [a, b] = [new AbortController(), new AbortController()]
    using both = linked(a.signal, undefined, b.signal)
    expect(both.signal.aborted).toBe(false)
    b.abort('from b')
    expect(both.signal.reason).toBe('from b')
    using late = linked(b.signal)
    expect(late.signal.reason).toBe('from b')
  })

  test('aborts alone without its parents, and takes its listeners off', () => {
    const parent = new AbortController()
    {
      using child = linked(parent.signal)
      child.abort('only me')
      expect(child.signal.reason).toBe('only me')
      expect(parent.signal.aborted).toBe(false)
      expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1)
    }
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0)
  })
})

describe('mapConcurrent', () => {
  test('keeps the order and never runs more than the limit', async () => {
    let [running, most] = [0, 0]
    const results = await mapConcurrent([30, 1, 20, 2, 10], 2, async (ms) => {
      most = Math.max(most, ++running)
      await delay(ms)
      running--
      return ms * 2
    })
    expect(results).toEqual([60, 2, 40, 4, 20])
    expect(most).toBe(2)
  })

  test('after a failure nothing new is started, and what runs is waited for', async () => {
    const [started, done]: [number[], number[]] = [[], []]
    const mapping = mapConcurrent([1, 2, 3, 4, 5], 2, async (n) => {
      started.push(n)
      await delay(n === 1 ? 1 : 20)
      if (n === 1) throw new Error('first')
      done.push(n)
    })
    await expect(mapping).rejects.toThrow('first')
    expect(started).toEqual([1, 2])
    expect(done).toEqual([2])
  })

  test('when the input fails, what runs is waited for', async () => {
    const done: number[] = []
    const mapping = mapConcurrent(breakingInput(), 4, async (n) => {
      await delay(10)
      done.push(n)
    })
    await expect(mapping).rejects.toThrow('no more')
    expect(done).toEqual([1])
  })
})

async function* breakingInput() {
  yield 1
  throw new Error('no more')
}
