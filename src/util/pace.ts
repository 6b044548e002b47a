import { sleep } from './async.ts'

type Direction = 'up' | 'down'

/** How long somebody waits at most before the rate is looked at again, in milliseconds. */
const longestNap = 250

/** Lets bytes pass no faster than a rate that may change at any time. */
export interface Pace {
  /** Resolves when `bytes` more may go. */
  take(direction: Direction, bytes: number, signal?: AbortSignal): Promise<void>
}

/**
 * @param rate bytes a second now; 0 or less: no limit
 * @param o `burst`: how many may go at once after a rest
 */
export function createPace(
  rate: (direction: Direction) => number,
  { burst = 1, now = () => performance.now() }: { readonly burst?: number; readonly now?: () => number } = {},
): Pace {
  const credit = Math.max(0, burst - 1)
  const lanes = { up: createDebt(credit, now), down: createDebt(credit, now) }
  return {
    async take(direction, bytes, signal) {
      const lane = lanes[direction]
      const paid = lane.owe(bytes, rate(direction))
      try {
        for (;;) {
          const wait = lane.wait(paid, rate(direction))
          if (wait <= 0) return
          await sleep(Math.min(wait, longestNap), signal)
        }
      } catch (error) {
        lane.waive(bytes)
        throw error
      }
    },
  }
}

/** Bytes that have gone ahead of their time, or after a rest may. */
function createDebt(credit: number, now: () => number) {
  let owed = 0
  let paid = credit
  let last: number | undefined // a clock costs a millisecond when it is first asked
  const pay = (rate: number): void => {
    const time = now()
    const most = owed + credit
    paid = rate <= 0 ? most : Math.min(most, paid + ((time - (last ?? time)) * rate) / 1000)
    last = time
  }
  return {
    /** @returns how much must be paid before these bytes may go */
    owe(bytes: number, rate: number): number {
      pay(rate)
      owed += bytes
      return owed - bytes
    },
    /** They did not go. */
    waive(bytes: number): void {
      owed -= bytes
    },
    /** Milliseconds until so much is paid. */
    wait(until: number, rate: number): number {
      pay(rate)
      return rate <= 0 || paid >= until ? 0 : ((until - paid) / rate) * 1000
    },
  }
}
