import type { Dialect } from '../dialect.ts'
import { jfsDate } from './dates.ts'

/** The first line of every JFS document (docs/protocol.md §4.1). */
export const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** What a document says about the reply as a whole. */
export interface Root {
  readonly username: string
  /** Server time, milliseconds since 1970. */
  readonly now: number
  readonly dialect: Dialect
}

/** The attributes that only the root element has, with a leading space. */
export function rootAttributes(root: Root): string {
  return ` time="${jfsDate(root.now)}" host="dn-094"`
}

/** Which part of a listing was asked for; undefined where the client said nothing (docs/protocol.md §4.6). */
export interface Page {
  readonly first?: number | undefined
  readonly max?: number | undefined
}

/** The `first` and `max` attributes of `metadata`, which repeat the request. */
export function pageAttributes(page: Page): string {
  return `first="${page.first ?? ''}" max="${page.max ?? ''}"`
}

/** The part of a list that a page means. */
export function pageOf<T>(items: readonly T[], page: Page): readonly T[] {
  const first = page.first ?? 0
  return items.slice(first, page.max === undefined ? undefined : first + page.max)
}
