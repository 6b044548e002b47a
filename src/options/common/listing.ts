import { option } from '../option.ts'
import { bool, int, time } from '../types.ts'

/** 2000-01-01T00:00:00Z */
const year2000 = 946_684_800_000_000_000n

/** How trees are listed. */
export const listingOptions = {
  maxDepth: option(int, -1, 'How many levels of directories to go down; -1 is all', { group: 'Filter' }),
  fastList: option(bool, false, 'List whole trees in one request where the remote can', { group: 'Listing' }),
  defaultTime: option(time, year2000, 'The time shown for what has none', { group: 'Listing' }),
}
