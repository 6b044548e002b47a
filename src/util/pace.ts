import { sleep } from './async.ts'

type Direction = 'up' | 'down'

/** How long somebody waits at most before the rate is looked at again, in milliseconds. */
const longestNap = 250

/** Lets bytes pass no faster than a rate that may change at any time. */
export interface Pace {
  /** Resolves when `bytes` more may go. */
  take(direction: Direction, bytes: number, signal?: AbortSignal): Promise<void>
}

/** @param rate bytes a second now; 0 or less: no limit */
export function createPace(rate: (direction: Direction) => number, now: () => number = () => performance.now()): Pace {
  const lanes = { up: createDebt(now), down: createDebt(now) }
  return {
    async take(direction, bytes, signal) {
      const lane = lanes[direction]
      const paid = lane.owe(bytes, rate(direction))
      for (;;) {
        const wait = lane.wait(paid, rate(direction))
        if (wait <= 0) return
        await sleep(Math.min(wait, longestNap), signal)
      }
    },
  }
}

/** Bytes that have gone ahead of their time. */
function createDebt(now: () => number) {
  let owed = 0
  let paid = 0
  let last = now()
  const pay = (rate: number): void => {
    const time = now()
    paid = rate <= 0 ? owed : Math.min(owed, paid + ((time - last) * rate) / 1000)
    last = time
  }
  return {
    /** @returns how much must be paid before these bytes may go */
    owe(bytes: number, rate: number): number {
      pay(rate)
      owed += bytes
      return owed - bytes
    },
    /** Milliseconds until so much is paid. */
    wait(until: number, rate: number): number {
      pay(rate)
      return rate <= 0 || paid >= until ? 0 : ((until - paid) / rate) * 1000
    },
  }
}
