import { durationOff } from './duration.ts'
import type { Duration } from './duration.ts'

const second = 1_000_000_000n
const minute = 60n * second
const hour = 60n * minute
const day = 24n * hour
const longUnits = [
  ['y', 365n * day],
  ['M', 30n * day],
  ['w', 7n * day],
  ['d', day],
] as const

/** A duration as rclone prints it: Go's form below a day, a number with one suffix from there, `off` (rclone's surface 2.2). */
export function formatDuration(duration: Duration): string {
  if (duration === durationOff) return 'off'
  const size = duration < 0n ? -duration : duration
  for (const [suffix, length] of longUnits) {
    if (size >= length) return `${Number(duration) / Number(length)}${suffix}`
  }
  return formatGoDuration(duration)
}

/** A duration in Go's form: `0s`, `5µs`, `100ms`, `1.5s`, `1m0s`, `1h0m0.25s`. */
export function formatGoDuration(duration: Duration): string {
  if (duration < 0n) return `-${formatGoDuration(-duration)}`
  if (duration === 0n) return '0s'
  if (duration < 1000n) return `${duration}ns`
  if (duration < 1_000_000n) return `${fraction(duration, 1000n)}µs`
  if (duration < second) return `${fraction(duration, 1_000_000n)}ms`
  const seconds = `${fraction(duration % minute, second)}s`
  if (duration < minute) return seconds
  const minutes = `${(duration / minute) % 60n}m${seconds}`
  return duration < hour ? minutes : `${duration / hour}h${minutes}`
}

/** A duration for people, in its largest units that are not zero: `1h2m3s`, `2d5h`. */
export function formatReadable(duration: Duration, maxUnits = 7): string {
  if (duration < second) return '0s'
  const days = duration / day
  // 364 days are 52 weeks and no 53rd
  const parts: readonly (readonly [bigint, string])[] = [
    [days / 365n, 'y'],
    [(days % 365n) / 7n, 'w'],
    [(days % 365n) % 7n, 'd'],
    [(duration / hour) % 24n, 'h'],
    [(duration / minute) % 60n, 'm'],
    [(duration / second) % 60n, 's'],
  ]
  const shown = parts.filter(([count]) => count > 0n)
  return shown
    .slice(0, maxUnits)
    .map((part) => part.join(''))
    .join('')
}

function fraction(amount: bigint, unit: bigint): string {
  const digits = String(amount % unit)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '')
  return digits === '' ? String(amount / unit) : `${amount / unit}.${digits}`
}
