/** The emulator's time, which can be set while it runs. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Goes on from this time, milliseconds since 1970. */
  set(now: number): void
  /** Moves on by so many milliseconds, or back. */
  advance(by: number): void
}

/** Makes a clock that runs with another one until it is set; `onSet` is called after each setting. */
export function createClock(base: () => number, onSet: () => void): Clock {
  let offset = 0
  const shift = (by: number): void => {
    offset += by
    onSet()
  }
  const now = (): number => base() + offset
  return { now, set: (time) => shift(time - now()), advance: shift }
}
