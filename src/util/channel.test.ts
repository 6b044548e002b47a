import { describe, expect, test } from 'vitest'
import { all } from '../../test/support/recorded-run.ts'
import { channel } from './channel.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a channel', () => {
  test('gives what is emitted, then ends', async () => {
    const items = channel<number>(2, async (emit) => {
      for (let n = 0; n < 10; n++) await emit(n)
    })
    expect(await all(items)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('lets the producer run no further ahead than it may', async () => {
    let emitted = 0
    const items = channel<number>(3, async (emit) => {
      for (;;) {
        await emit(emitted)
        emitted++
      }
    })
    await items.next()
    await tick()
    expect(emitted).toBe(4)
    await items.return(undefined)
  })

  test('throws the error of its producer after the items before it', async () => {
    const seen: number[] = []
    const read = async (): Promise<void> => {
      const items = channel<number>(5, async (emit) => {
        await emit(1)
        throw new Error('broken')
      })
      for await (const item of items) seen.push(item)
    }
    await expect(read()).rejects.toThrow('broken')
    expect(seen).toEqual([1])
  })

  test('when the reader leaves it waits for the producer, which cannot emit any more', async () => {
    let ended = false
    const items = channel<number>(1, async (emit) => {
      try {
        for (;;) await emit(1)
      } finally {
        await tick()
        ended = true
      }
    })
    for await (const item of items) if (item === 1) break
    expect(ended).toBe(true)
  })
})
