const leastDelay = 10
const mostDelay = 2000

/** Spaces out the requests to one host while it is under strain; without strain it costs nothing. */
export interface Pacer {
  /** Undefined when the next request may start now; otherwise resolves when it may, in the order of the calls. */
  ready(signal?: AbortSignal): Promise<void> | undefined
  /**
   * The host asked for less: the space between requests grows from 10 ms to 2 s, twofold each time.
   * @param startedAt when the request that was refused began (`performance.now()`): refusals of requests that were already
   * under way count once
   * @param retryAfter milliseconds for which nobody is to ask again
   */
  slowDown(startedAt: number, retryAfter?: number): void
  /** A request went well: the space halves, down to none. */
  speedUp(startedAt: number): void
}

/** A pacer for one host, with rclone's figures (docs/protocol.md §6.2) but no delay before the first refusal. */
export function createPacer(): Pacer {
  const queue = new Set<() => void>()
  let delay = 0
  let lastStart = -Infinity
  let heldUntil = -Infinity
  let slowedAt = -Infinity
  let timer: NodeJS.Timeout | undefined

  const wait = (): number => Math.max(heldUntil, lastStart + delay) - performance.now()

  const release = (): void => {
    timer = undefined
    for (const enter of queue) {
      if (wait() > 0) break
      queue.delete(enter)
      lastStart = performance.now()
      enter()
    }
    schedule()
  }

  const schedule = (): void => {
    clearTimeout(timer)
    timer = queue.size === 0 ? undefined : setTimeout(release, Math.max(0, Math.ceil(wait())))
  }

  const enqueue = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        queue.delete(enter)
        schedule()
        reject(signal?.reason)
      }
      queue.add(enter)
      signal?.addEventListener('abort', leave, { once: true })
      schedule()
    })

  return {
    ready(signal) {
      if (queue.size > 0 || wait() > 0) return enqueue(signal)
      if (delay > 0) lastStart = performance.now()
      return undefined
    },
    slowDown(startedAt, retryAfter = 0) {
      const now = performance.now()
      heldUntil = Math.max(heldUntil, now + retryAfter)
      if (startedAt >= slowedAt) {
        slowedAt = now
        delay = Math.min(mostDelay, Math.max(leastDelay, delay * 2))
        heldUntil = Math.max(heldUntil, now + delay)
      }
      schedule()
    },
    speedUp(startedAt) {
      if (delay === 0 || startedAt < slowedAt) return
      delay = delay <= leastDelay ? 0 : delay / 2
      schedule()
    },
  }
}
