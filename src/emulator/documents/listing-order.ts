import type { Dialect } from '../dialect.ts'
import { inOrder } from '../state/tree.ts'

/** Gives the order in which listings show entries: nothing promises one (docs/protocol.md §4.6). */
export function listingOrder({ listOrder }: Dialect): <T>(items: ReadonlyMap<string, T>) => T[] {
  return listOrder === 'folded' ? inOrder : (items) => inOrder(items).reverse()
}
