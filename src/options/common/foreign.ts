import type { Option, OptionType } from '../option.ts'
import { option } from '../option.ts'

/** A flag of rclone that has no meaning here: it is taken, and -v says so. */
export function pointless<T>(type: OptionType<T>, fallback: T, group: string): Option<T> {
  return option(type, fallback, "Taken for rclone's sake; has no effect", { group, effect: 'none' })
}

/** A flag of rclone whose effect is not there: it is refused by name. */
export function missing<T>(type: OptionType<T>, fallback: T, group: string): Option<T> {
  return option(type, fallback, 'Not there: refused', { group, effect: 'missing' })
}
