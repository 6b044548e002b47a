import { setImmediate } from 'node:timers/promises'

/**
 * How many milliseconds `work` takes. A timer counts from where the turn of the event loop began, and would seem to be early
 * where that is long ago: a new turn begins first.
 */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  await setImmediate()
  const start = performance.now()
  await work()
  return performance.now() - start
}
