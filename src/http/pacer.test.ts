import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { elapsed } from '../../test/support/elapsed.ts'
import { createPacer } from './pacer.ts'
import { parseRetryAfter } from './retry.ts'

describe('a pacer', () => {
  test('costs nothing without strain', () => {
    const pacer = createPacer()
    for (let i = 0; i < 1000; i++) expect(pacer.ready()).toBeUndefined()
  })

  test('spaces requests out after a refusal, and not more for others already under way', async () => {
    const pacer = createPacer()
    const took = await elapsed(async () => {
      const before = performance.now()
      for (let i = 0; i < 10; i++) pacer.slowDown(before)
      await Promise.all([pacer.ready(), pacer.ready(), pacer.ready()])
    })
    expect(took).toBeGreaterThan(28)
    expect(took).toBeLessThan(5000) // ten refusals of their own would have made it 6 s
  })

  test('doubles for each refusal of what was asked later, and recovers', async () => {
    const pacer = createPacer()
    const first = elapsed(async () => {
      for (let i = 0; i < 5; i++) pacer.slowDown(performance.now())
      await pacer.ready()
    })
    expect(await first).toBeGreaterThan(158)
    for (let i = 0; i < 4; i++) pacer.slowDown(performance.now())
    const took = elapsed(async () => {
      const waiting = Array.from({ length: 6 }, () => pacer.ready())
      for (let i = 0; i < 9; i++) pacer.speedUp(performance.now())
      await Promise.all(waiting)
    })
    expect(await took).toBeLessThan(8000) // at the pace of before, 12 s
    expect(pacer.ready()).toBeUndefined()
  })

  test('a success of what was asked before the refusal changes nothing', () => {
    const pacer = createPacer()
    const before = performance.now() - 1
    pacer.slowDown(performance.now())
    pacer.speedUp(before)
    expect(pacer.ready()).toBeDefined()
  })

  test('holds everybody for as long as the host asked, whatever succeeds meanwhile', async () => {
    const pacer = createPacer()
    const took = elapsed(async () => {
      pacer.slowDown(performance.now(), 100)
      const waiting = [pacer.ready(), pacer.ready()]
      pacer.speedUp(performance.now())
      await Promise.all(waiting)
    })
    expect(await took).toBeGreaterThan(95)
  })

  test('who is aborted leaves the queue with the reason, and no listener stays', async () => {
    const pacer = createPacer()
    pacer.slowDown(performance.now(), 50)
    const controller = new AbortController()
    const leaving = pacer.ready(controller.signal)
    const staying = pacer.ready()
    controller.abort('gone')
    await expect(leaving).rejects.toBe('gone')
    await staying
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  test.each([
    ['0', 0],
    ['3', 3000],
    [' 7 ', 7000],
    ['86400', 300_000],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, ms) => expect(parseRetryAfter(header, now)).toBe(ms))
})
