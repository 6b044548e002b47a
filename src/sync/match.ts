import type { Entry } from '../core/entry.ts'
import { matchKey } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { basename, join } from '../core/path.ts'
import type { Pair } from './pair.ts'

/** Both sides' entries of one directory. */
export interface Sides {
  readonly source: readonly Entry[]
  readonly dest: readonly Entry[]
  /** What an entry of the source is to be called in the destination. */
  readonly nameOf: (source: Entry) => string
}

/** How the destination tells names apart. */
export interface NameRules {
  readonly caseInsensitive: boolean
  readonly normalise: boolean
}

export interface MatchOptions {
  /** The directory as seen from both locations, in the source's spelling. */
  readonly path: Path
  /** As seen from the destination. */
  readonly wanted: Path
  /** The directory on the destination's remote, whether it exists or not. */
  readonly target: Path
  readonly names: NameRules
  /** Told of an entry that cannot have a partner because `kept` has the same name in the destination's eyes. */
  readonly onDuplicate: (side: 'source' | 'dest', entry: Entry, kept: Entry) => void
}

interface Slot {
  readonly source: Entry[]
  readonly dest: Entry[]
}

/**
 * Puts the entries of one directory on both sides together by kind and name, in the order of the source, then what only
 * the destination has. Of several that have one name the one spelled as on the other side is taken, else the first.
 */
export function matchEntries({ source, dest, nameOf }: Sides, o: MatchOptions): Pair[] {
  const matching = { ...o, nameOf }
  const slots = new Map<string, Slot>()
  for (const entry of source) slotOf(slots, slotKey(entry, nameOf(entry), o.names)).source.push(entry)
  for (const entry of dest) slotOf(slots, slotKey(entry, ownName(entry), o.names)).dest.push(entry)
  const pairs: Pair[] = []
  for (const slot of slots.values()) {
    const pair = pairOf(choose('source', slot, matching), choose('dest', slot, matching), matching)
    if (pair) pairs.push(pair)
  }
  return pairs
}

/** What entries of one kind and name have in common. */
export function slotKey({ kind }: Entry, name: string, names: NameRules): string {
  return `${kind}/${matchKey(name, names)}`
}

function slotOf(slots: Map<string, Slot>, key: string): Slot {
  const found = slots.get(key)
  if (found) return found
  const slot: Slot = { source: [], dest: [] }
  slots.set(key, slot)
  return slot
}

type Matching = MatchOptions & Pick<Sides, 'nameOf'>

function choose(side: 'source' | 'dest', slot: Slot, { nameOf, onDuplicate }: Matching): Entry | undefined {
  const own = slot[side]
  if (own.length < 2) return own[0]
  const [nameHere, nameThere] = side === 'source' ? [nameOf, ownName] : [ownName, nameOf]
  const others = new Set(slot[side === 'source' ? 'dest' : 'source'].map(nameThere))
  const kept = own.find((entry) => others.has(nameHere(entry))) ?? own[0]
  for (const entry of own) if (kept && entry !== kept) onDuplicate(side, entry, kept)
  return kept
}

/** The name that an entry has. */
export function ownName(entry: Entry): string {
  return basename(entry.path)
}

function pairOf(source: Entry | undefined, dest: Entry | undefined, o: Matching): Pair | undefined {
  if (!source && !dest) return undefined
  const name = source ? o.nameOf(source) : basename(dest?.path ?? '')
  const wanted = join(o.wanted, name)
  const path = source ? join(o.path, ownName(source)) : wanted
  const place = { path, wanted, target: dest?.path ?? join(o.target, name) }
  if (source?.kind !== 'dir' && dest?.kind !== 'dir') return { kind: 'file', ...place, source, dest }
  if (source?.kind !== 'file' && dest?.kind !== 'file') return { kind: 'dir', ...place, source, dest }
  return undefined
}
