/** How many samples the mean looks back. */
const window = 16

/** A speed as rclone shows it: a running mean over samples, 0 before the first one (rclone's surface 6, "Speed"). */
export interface Speed {
  /** Bytes a second. */
  readonly value: number
  add(bytes: number): void
  /** Takes a sample: what was added in the last `seconds`. */
  sample(seconds: number): void
}

/** A speed of 0. */
export function createSpeed(): Speed {
  let value = 0
  let bytes = 0
  let samples = 0
  return {
    get value() {
      return value
    },
    add(more) {
      bytes += more
    },
    sample(seconds) {
      if (seconds <= 0) return
      samples = Math.min(samples + 1, window)
      value = (bytes / seconds + value * (samples - 1)) / samples
      bytes = 0
    },
  }
}
