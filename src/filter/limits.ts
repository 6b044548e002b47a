import { StorageError } from '../core/errors.ts'
import type { Time } from '../core/time.ts'
import { goQuote } from '../options/go-syntax.ts'
import type { Duration } from '../options/duration.ts'
import { durationOff } from '../options/duration.ts'
import { formatDuration } from '../options/duration-format.ts'
import { sizeOff } from '../options/size.ts'

/** What files may be; both ends belong to it. */
export interface Limits {
  readonly oldest: Time | undefined
  readonly newest: Time | undefined
  /** Bytes. */
  readonly smallest: number | undefined
  readonly largest: number | undefined
}

interface LimitValues {
  readonly minAge: Duration
  readonly maxAge: Duration
  readonly minSize: number
  readonly maxSize: number
}

/**
 * The limits that were asked for.
 * @param now nanoseconds since 1970
 * @throws StorageError 'config' where no age is within both
 */
export function limitsOf({ minAge, maxAge, minSize, maxSize }: LimitValues, now: Time): Limits {
  if (minAge !== durationOff && minAge > maxAge) {
    const [min, max] = [minAge, maxAge].map((age) => goQuote(formatDuration(age)))
    throw new StorageError('config', `filter: --min-age ${min} can't be larger than --max-age ${max}`)
  }
  return {
    oldest: maxAge === durationOff ? undefined : now - maxAge,
    newest: minAge === durationOff ? undefined : now - minAge,
    smallest: minSize === sizeOff ? undefined : minSize,
    largest: maxSize === sizeOff ? undefined : maxSize,
  }
}

/** Whether there is any limit. */
export function isLimited(limits: Limits): boolean {
  return Object.values(limits).some((limit) => limit !== undefined)
}

/** Whether a file is within the limits; one of unknown size is smaller than all others, as in rclone. */
export function withinLimits(
  { oldest, newest, smallest, largest }: Limits,
  file: { readonly size: number | undefined; readonly modified: Time },
): boolean {
  if (oldest !== undefined && file.modified < oldest) return false
  if (newest !== undefined && file.modified > newest) return false
  const size = file.size ?? -1
  return (smallest === undefined || size >= smallest) && (largest === undefined || size <= largest)
}
