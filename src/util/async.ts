/** Resolves after `ms` milliseconds; rejects with the signal's reason, at once, when it is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** A signal that aborts with any of its parents; disposing it takes its listeners off again. */
export interface LinkedSignal extends Disposable {
  readonly signal: AbortSignal
  abort(reason: unknown): void
}

/** A new signal that follows `parents`. Dispose it: forgotten listeners on a long-lived signal pile up. */
export function linked(...parents: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController()
  const cleanups: (() => void)[] = []
  for (const parent of parents) {
    if (!parent) continue
    const follow = (): void => controller.abort(parent.reason)
    if (parent.aborted) follow()
    else parent.addEventListener('abort', follow, { once: true })
    cleanups.push(() => parent.removeEventListener('abort', follow))
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]() {
      for (const cleanup of cleanups) cleanup()
    },
  }
}

/**
 * Maps with at most `limit` calls running, results in the order of the input. The first failure stops the starting of
 * new ones; it is thrown after those that run have settled.
 */
export async function mapConcurrent<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const failures: unknown[] = []
  const running = new Set<Promise<void>>()
  let index = 0
  try {
    for await (const item of items) {
      if (failures.length > 0) break
      const at = index++
      const task = map(item)
        .then((result) => {
          results[at] = result
        })
        .catch((error: unknown) => {
          failures.push(error)
        })
        .finally(() => running.delete(task))
      running.add(task)
      if (running.size >= limit) await Promise.race(running)
    }
  } finally {
    // Also when the input itself fails: nothing goes on behind the caller's back.
    await Promise.all(running)
  }
  if (failures.length > 0) throw failures[0]
  return results
}
