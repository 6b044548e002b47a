import { describe, expect, test } from 'vitest'
import { createLane } from './lane.ts'

describe('a lane', () => {
  test('starts work in order, with no more workers than it has', async () => {
    const started: number[] = []
    let running = 0
    let most = 0
    const lane = createLane<{ n: number }>({ workers: 3, capacity: 100 }, async ({ n }) => {
      started.push(n)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
    })
    for (let n = 0; n < 20; n++) await lane.push({ n })
    await lane.drain()
    expect(started).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(most).toBe(3)
  })

  test('takes what waits in another order where one is asked for, some workers from the end', async () => {
    const started: number[] = []
    const order = { compare: (a: { n: number }, b: { n: number }) => a.n - b.n, backwards: 1 }
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    const lane = createLane<{ n: number }>({ workers: 2, capacity: 100, order }, async ({ n }) => {
      started.push(n)
      await gate
    })
    for (const n of [50, 51, 3, 9, 1, 7]) await lane.push({ n })
    open()
    await lane.drain()
    expect(started).toEqual([50, 51, 1, 9, 3, 7])
  })

  test('asks for patience when it is full, until there is room', async () => {
    const gates: (() => void)[] = []
    const lane = createLane<object>({ workers: 1, capacity: 2 }, () => new Promise((resolve) => gates.push(resolve)))
    expect(lane.push({})).toBeUndefined()
    expect(lane.push({})).toBeUndefined()
    const full = lane.push({})
    expect(full).toBeInstanceOf(Promise)
    gates.shift()?.()
    await full
    gates.shift()?.()
    await Promise.resolve()
    await Promise.resolve()
    gates.shift()?.()
    await lane.drain()
  })

  test('a queue that may hold nothing holds one at a time', async () => {
    const done: number[] = []
    const lane = createLane<{ n: number }>({ workers: 2, capacity: 0 }, ({ n }) => Promise.resolve(void done.push(n)))
    for (const n of [1, 2, 3, 4, 5]) await lane.push({ n })
    await lane.drain()
    expect(done).toEqual([1, 2, 3, 4, 5])
  })

  test('drops what waits after a failure and throws it at every later call', async () => {
    const failure = new Error('no')
    let done = 0
    const lane = createLane<{ n: number }>({ workers: 1, capacity: 1 }, ({ n }) => {
      done++
      return n === 1 ? Promise.reject(failure) : Promise.resolve()
    })
    const pushAll = async (): Promise<void> => {
      for (const n of [0, 1, 2]) await lane.push({ n })
    }
    await expect(pushAll()).rejects.toBe(failure)
    await expect(lane.drain()).rejects.toBe(failure)
    expect(() => lane.push({ n: 3 })).toThrow(failure)
    await lane.close()
    expect(done).toBe(2)
  })

  test('closing waits for what runs and forgets the rest', async () => {
    let finished = 0
    const lane = createLane<object>({ workers: 1, capacity: 10 }, async () => {
      await new Promise((resolve) => setImmediate(resolve))
      finished++
    })
    await lane.push({})
    await lane.push({})
    await lane.close()
    expect(finished).toBe(1)
  })
})
