import { describe, expect, test } from 'vitest'
import { createPace } from './pace.ts'

describe('a pace', () => {
  test('lets the first bytes go and holds the next until they are paid for', async () => {
    await createPace(() => 1).take('up', 1_000_000) // to be paid for, they would take eleven days
    const pace = createPace(() => 100_000)
    const start = performance.now()
    for (let i = 0; i < 3; i++) await pace.take('up', 10_000)
    expect(performance.now() - start).toBeGreaterThanOrEqual(190)
  })

  test('the directions do not wait for each other', async () => {
    const pace = createPace((direction) => (direction === 'up' ? 1 : 0))
    await pace.take('up', 1_000_000)
    for (let i = 0; i < 100; i++) await pace.take('down', 1_000_000)
  })

  test('a limit that is lifted frees who waits', async () => {
    let rate = 1
    const pace = createPace(() => rate)
    await pace.take('up', 1_000_000)
    const waiting = pace.take('up', 1)
    rate = 0
    await waiting
  })

  test('may let a burst go at once, and again after a rest', async () => {
    let time = 0
    const pace = createPace(() => 10, { burst: 3, now: () => time })
    const free = async (): Promise<number> => {
      const abort = new AbortController()
      let taken = 0
      const more = async (): Promise<void> => {
        for (;;) {
          await pace.take('up', 1, abort.signal)
          taken++
        }
      }
      const all = more().catch(() => undefined)
      await new Promise((resolve) => setImmediate(resolve))
      abort.abort()
      await all
      return taken
    }
    expect(await free()).toBe(3)
    expect(await free()).toBe(0)
    time += 100
    expect(await free()).toBe(1)
    time += 60_000
    expect(await free()).toBe(3)
  })

  test('waiting ends with the signal', async () => {
    const abort = new AbortController()
    const pace = createPace(() => 1)
    await pace.take('up', 1000)
    const waiting = pace.take('up', 1, abort.signal)
    abort.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })
})
