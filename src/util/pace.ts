import { sleep } from './async.ts'

type Direction = 'up' | 'down'

/** How long somebody waits at most before the rate is looked at again, in milliseconds. */
const longestNap = 250

/** Lets bytes pass no faster than a rate that may change at any time. */
export interface Pace {
  /** How many bytes are to be taken at once, at most, so that they pass evenly. */
  most(direction: Direction): number
  /** Resolves when `bytes` more may go: their own time has passed too. */
  take(direction: Direction, bytes: number, signal?: AbortSignal): Promise<void>
}

/**
 * @param rate bytes a second now; 0 or less: no limit
 * @param o `burst`: how many may go at once after a rest, and not at the beginning unless `rested`; default: those of an
 * eighth of a second
 */
export function createPace(
  rate: (direction: Direction) => number,
  o: { readonly burst?: number; readonly rested?: boolean; readonly now?: () => number } = {},
): Pace {
  const { burst, rested = false, now = () => performance.now() } = o
  const burstAt = (current: number): number => Math.max(1, burst ?? Math.floor(current / 8))
  const credit = { burstAt, first: rested ? burstAt(0) : 0 }
  const lanes = { up: createDebt(credit, now), down: createDebt(credit, now) }
  return {
    most(direction) {
      const current = rate(direction)
      return current <= 0 ? Infinity : burstAt(current)
    },
    async take(direction, bytes, signal) {
      const lane = lanes[direction]
      const due = lane.owe(bytes, rate(direction))
      try {
        for (;;) {
          const wait = lane.wait(due, rate(direction))
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

/** Bytes that are to be paid for with time, of which a little may be paid ahead. */
function createDebt(
  { burstAt, first }: { readonly burstAt: (rate: number) => number; readonly first: number },
  now: () => number,
) {
  let owed = 0
  let paid = first
  let last: number | undefined // a clock costs a millisecond when it is first asked
  const pay = (rate: number): void => {
    const time = now()
    if (rate <= 0) paid = Math.max(paid, owed)
    else paid = Math.min(owed + burstAt(rate), paid + ((time - (last ?? time)) * rate) / 1000)
    last = time
  }
  return {
    /** @returns how much must be paid before these bytes may go */
    owe(bytes: number, rate: number): number {
      pay(rate)
      owed += bytes
      return owed
    },
    /** They did not go: whoever waits behind them does so for less. */
    waive(bytes: number): void {
      paid += bytes
    },
    /** Milliseconds until so much is paid. */
    wait(until: number, rate: number): number {
      pay(rate)
      return rate <= 0 || paid >= until ? 0 : ((until - paid) / rate) * 1000
    },
  }
}
