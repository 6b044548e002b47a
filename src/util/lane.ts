import { createQueue } from './queue.ts'

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

/** Another order than that of coming. */
export interface LaneOrder<T> {
  readonly compare: (a: T, b: T) => number
  /** How many of the workers take from the end. */
  readonly backwards: number
}

/**
 * A lane with `workers` workers.
 * @param o `capacity`: how many items may wait before `push` asks for patience; `order`: of what waits
 */
export function createLane<T extends object>(
  o: { readonly workers: number; readonly capacity: number; readonly order?: LaneOrder<T> | undefined },
  work: (item: T) => Promise<void>,
): Lane<T> {
  const queue = createQueue<T>(o.order?.compare)
  // A worker may always have one to take next
  const capacity = Math.max(1, o.capacity)
  // Popped from the end, so that the workers that take from the front start first
  const idleWorkers = Array.from({ length: o.workers }, (_, i) => o.workers - 1 - i)
  const forRoom: (() => void)[] = []
  const forIdle: (() => void)[] = []
  let running = 0
  let failure: { readonly error: unknown } | undefined

  const check = (): void => {
    if (failure) throw failure.error
  }
  const offerRoom = (): void => {
    if (queue.length() < capacity) release(forRoom)
  }
  const worker = async (): Promise<void> => {
    const index = idleWorkers.pop() ?? 0
    const fromEnd = index >= o.workers - (o.order?.backwards ?? 0)
    const take = (): T | undefined => (fromEnd ? queue.last() : queue.first())
    running++
    // What is pushed in one go is put in order before the first of it starts
    if (o.order) await Promise.resolve()
    try {
      for (let item = take(); item; item = take()) {
        offerRoom()
        await work(item)
      }
    } catch (error) {
      failure ??= { error }
      queue.clear()
      offerRoom()
    } finally {
      running--
      idleWorkers.push(index)
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
      if (queue.length() < capacity) return undefined
      return new Promise<void>((resolve) => forRoom.push(resolve)).then(check)
    },
    async drain() {
      await idle()
      check()
    },
    async close() {
      queue.clear()
      offerRoom()
      await idle()
    },
  }
}

function release(waiting: (() => void)[]): void {
  for (const resolve of waiting.splice(0)) resolve()
}
