/** What was counted for one operation. Bytes are those of the bodies. */
export interface Count {
  readonly requests: number
  readonly bytesReceived: number
  readonly bytesSent: number
}

/** Counts by name of operation. The names are listed in operations.ts. */
export interface Counters {
  /** The counts of one operation, or of all together. */
  of(operation?: string): Count
  /** The operations that occurred, with their counts. */
  all(): Record<string, Count>
  reset(): void
}

/** Adds to the counts of one operation. */
export interface Tally {
  received(bytes: number): void
  sent(bytes: number): void
}

/** Makes counters at zero, and the function that counts a request and gives what counts its bytes. */
export function createCounters(): {
  readonly counters: Counters
  readonly start: (operation: string) => Tally
} {
  const counts = new Map<string, { requests: number; bytesReceived: number; bytesSent: number }>()
  const start = (operation: string): Tally => {
    const count = counts.get(operation) ?? { requests: 0, bytesReceived: 0, bytesSent: 0 }
    counts.set(operation, count)
    count.requests++
    return {
      received: (bytes) => void (count.bytesReceived += bytes),
      sent: (bytes) => void (count.bytesSent += bytes),
    }
  }
  const counters: Counters = {
    of(operation) {
      const wanted = [...counts].filter(([name]) => operation === undefined || name === operation)
      const sum = { requests: 0, bytesReceived: 0, bytesSent: 0 }
      for (const [, count] of wanted) {
        sum.requests += count.requests
        sum.bytesReceived += count.bytesReceived
        sum.bytesSent += count.bytesSent
      }
      return sum
    },
    all: () => Object.fromEntries([...counts].map(([name, count]) => [name, { ...count }])),
    reset: () => counts.clear(),
  }
  return { counters, start }
}
