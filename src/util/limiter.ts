/** Runs at most `limit` things at once, in the order they came. A waiter whose signal is aborted leaves the queue. */
export function createLimiter(limit: number): {
  readonly limit: number
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
} {
  let running = 0
  const queue: (() => void)[] = []

  const release = (): void => {
    const next = queue.shift()
    if (next) next()
    else running--
  }

  const acquire = (signal: AbortSignal | undefined): Promise<void> | undefined => {
    signal?.throwIfAborted()
    if (running < limit) {
      running++
      return undefined
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        queue.splice(queue.indexOf(enter), 1)
        reject(signal?.reason)
      }
      queue.push(enter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  return {
    limit,
    async run(work, signal) {
      await acquire(signal)
      try {
        return await work()
      } finally {
        release()
      }
    },
  }
}
