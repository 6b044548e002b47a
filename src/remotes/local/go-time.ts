import type { Time } from '../../core/time.ts'
import { formatRfc3339, nanoseconds } from '../../core/time.ts'

/** A time as Go prints it by default, in UTC: `2001-02-03 04:05:06.789 +0000 UTC`. */
export function goTime(time: Time): string {
  const fraction = nanoseconds(time) === 0 ? '' : `.${String(nanoseconds(time)).padStart(9, '0').replace(/0+$/, '')}`
  return `${formatRfc3339(time).slice(0, 19).replace('T', ' ')}${fraction} +0000 UTC`
}
