import type { Dialect } from './dialect.ts'
import { invalidArgument, Refusal } from './refusal.ts'

// docs/protocol.md §5.2.
const LONGEST_NAME = 255
const PERCENT_HEX = /%[0-9a-f]{2}/i
// What clients replace because the service cannot store it, and what would make XML that nobody can read.
// oxlint-disable-next-line no-control-regex
const UNSTORABLE = /[\u0000-\u001f\u007f"*:<>?|/\ufffe\uffff]|\p{Surrogate}/u
const ZERO_WIDTH = /[\u200b-\u200d\ufeff]/

/** Refuses, as the proxy in front of the service does, names in which a percent sign and two hex digits occur. */
export function checkPercent(names: readonly string[]): void {
  if (names.some((name) => PERCENT_HEX.test(name))) {
    throw new Refusal(400, undefined, 'Bad request', { plain: true })
  }
}

/** Refuses names under which nothing can be stored (docs/protocol.md §5.2). */
export function checkNewNames(names: readonly string[], { lengthUnit }: Dialect): void {
  for (const name of names) {
    if (lengthOf(name, lengthUnit) > LONGEST_NAME) {
      throw invalidArgument(`JFS file names may not be longer than ${LONGEST_NAME} characters`)
    }
    if (name === '.' || name === '..' || UNSTORABLE.test(name)) {
      throw invalidArgument('The name contains characters that cannot be stored')
    }
  }
}

// oxlint-disable-next-line no-control-regex
const UNREADABLE = /[\u0000-\u001f/\ufffe\uffff]|\p{Surrogate}/u

/** Refuses names that no listing could tell of: what other programs have stored may be anything else. */
export function checkStoredNames(names: readonly string[]): void {
  if (names.some((name) => name === '.' || name === '..' || UNREADABLE.test(name))) {
    throw invalidArgument('The name contains characters that no document can hold')
  }
}

/** Refuses, as `allocate` does, names with a byte order mark or zero-width characters. */
export function checkZeroWidth(names: readonly string[]): void {
  if (names.some((name) => ZERO_WIDTH.test(name))) throw invalidArgument('The name contains invisible characters')
}

// Nobody knows what the service counts (docs/protocol.md §7.4, unknown 24).
function lengthOf(name: string, unit: Dialect['lengthUnit']): number {
  if (unit === 'bytes') return Buffer.byteLength(name)
  return unit === 'code-points' ? Array.from(name).length : name.length
}
