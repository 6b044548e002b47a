/** A queue with workers: work that is pushed is done some time later, started in the order it came. */
export interface Lane<T> {
  /**
   * Takes `item` in. A promise where the queue is full: wait for it before the next push.
   * @throws the first failure of the work, which has also emptied the queue
   */
  push(item: T): Promise<void> | undefined
  /** Resolves when all that was pushed is done. @throws the first failure, after what was running has settled */
  drain(): Promise<void>
  /** Forgets what waits and resolves when what runs has settled; never throws. */
  close(): Promise<void>
}

/**
 * A lane with `workers` workers.
 * @param o `capacity`: how many items may wait before `push` asks for patience
 */
export function createLane<T extends object>(
  o: { readonly workers: number; readonly capacity: number },
  work: (item: T) => Promise<void>,
): Lane<T> {
  const queue: T[] = []
  const forRoom: (() => void)[] = []
  const forIdle: (() => void)[] = []
  let running = 0
  let failure: { readonly error: unknown } | undefined

  const check = (): void => {
    if (failure) throw failure.error
  }
  const offerRoom = (): void => {
    if (queue.length < o.capacity) release(forRoom)
  }
  const worker = async (): Promise<void> => {
    running++
    try {
      for (let item = queue.shift(); item; item = queue.shift()) {
        offerRoom()
        await work(item)
      }
    } catch (error) {
      failure ??= { error }
      queue.length = 0
      offerRoom()
    } finally {
      running--
      if (running === 0) release(forIdle)
    }
  }
  const idle = async (): Promise<void> => {
    if (running > 0) await new Promise<void>((resolve) => forIdle.push(resolve))
  }

  return {
    push(item) {
      check()
      queue.push(item)
      if (running < o.workers) void worker()
      if (queue.length < o.capacity) return undefined
      return new Promise<void>((resolve) => forRoom.push(resolve)).then(check)
    },
    async drain() {
      await idle()
      check()
    },
    async close() {
      queue.length = 0
      offerRoom()
      await idle()
    },
  }
}

function release(waiting: (() => void)[]): void {
  for (const resolve of waiting.splice(0)) resolve()
}
