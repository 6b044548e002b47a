import { expect, test } from 'vitest'
import { createQueue } from './queue.ts'

/** A fixed series of numbers that looks like chance. */
function* numbers(): Generator<number> {
  for (let n = 1; ; n = (n * 48_271) % 2_147_483_647) yield n
}

test('gives what came first, or what came last', () => {
  const queue = createQueue<number>()
  for (let n = 0; n < 3000; n++) queue.push(n)
  expect([queue.first(), queue.last(), queue.first(), queue.length()]).toEqual([0, 2999, 1, 2997])
  while (queue.length() > 1) queue.first()
  expect([queue.first(), queue.first(), queue.last()]).toEqual([2998, undefined, undefined])
  queue.push(7)
  expect(queue.last()).toBe(7)
})

test('is always in order, what is equal as it came', () => {
  const chance = numbers()
  const next = (): number => chance.next().value ?? 0
  const queue = createQueue<{ readonly key: number; readonly id: number }>((a, b) => a.key - b.key)
  const model: { readonly key: number; readonly id: number }[] = []
  for (let id = 0; id < 20_000; id++) {
    const item = { key: next() % 500, id }
    queue.push(item)
    const at = model.findIndex(({ key }) => key > item.key)
    model.splice(at === -1 ? model.length : at, 0, item)
    if (next() % 3 === 0) expect(queue.first()).toBe(model.shift())
    if (next() % 3 === 0) expect(queue.last()).toBe(model.pop())
  }
  expect(queue.length()).toBe(model.length)
  for (const item of model) expect(queue.first()).toBe(item)
})

test.each([['in order', true] as const, ['as it comes', false] as const])(
  'takes 300,000 items %s, and gives them again, in seconds',
  (_, sorted) => {
    const queue = createQueue<number>(sorted ? (a, b) => a - b : undefined)
    let left = 300_000
    for (const n of numbers()) {
      queue.push(n)
      if (--left === 0) break
    }
    while (queue.length() > 0) queue.first()
    expect(queue.first()).toBeUndefined()
  },
)

test('forgets everything', () => {
  const queue = createQueue<number>()
  queue.push(1)
  queue.clear()
  expect([queue.length(), queue.first()]).toEqual([0, undefined])
})
