import { parseDate, wholeSeconds } from './documents/dates.ts'
import type { Service } from './exchange.ts'
import { currentRevision, findFile, type TreePath } from './state/tree.ts'

/** The two times that a client gives a file, milliseconds since 1970. */
export interface Times {
  readonly created: number
  readonly modified: number
}

// Clients send Go's zero time where they have none (docs/protocol.md §4.2).
const END_OF_YEAR_ONE = Date.parse('0002-01-01T00:00:00Z')
const END_OF_32_BITS = Date.parse('2038-01-19T03:14:07Z')

/**
 * Reads the times of a request in any spelling. Those that are missing or cannot be read are now; what becomes of
 * year 1, and of times outside 1970 to 2038, is a matter of the dialect (docs/protocol.md §7.4, unknowns 27 and 36).
 * `path` is that of the file, which may have times already.
 */
export function sentTimes(
  { store, dialect }: Service,
  path: TreePath,
  sent: { readonly created: unknown; readonly modified: unknown },
): Times {
  const now = store.now()
  const file = findFile(store.world, path)
  const before = file === undefined ? undefined : currentRevision(file)
  const read = (name: keyof Times): number => {
    const time = parseDate(sent[name], now)
    if (time < END_OF_YEAR_ONE && dialect.yearOneTimes !== 'stored') {
      return dialect.yearOneTimes === 'kept' && before !== undefined ? before[name] : wholeSeconds(now)
    }
    return dialect.oddTimes === 'clamped' ? Math.min(Math.max(time, 0), END_OF_32_BITS) : time
  }
  return { created: read('created'), modified: read('modified') }
}
