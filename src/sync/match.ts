import type { Entry } from '../core/entry.ts'
import { matchKey } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { basename, join, parent } from '../core/path.ts'
import type { Pair } from './pair.ts'

export interface MatchOptions {
  /** The directory as seen from both locations. */
  readonly path: Path
  /** The directory on the destination's remote, whether it exists or not. */
  readonly target: Path
  /** How the destination tells names apart. */
  readonly names: { readonly caseInsensitive: boolean; readonly normalise: boolean }
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
export function matchEntries(source: readonly Entry[], dest: readonly Entry[], o: MatchOptions): Pair[] {
  const slots = new Map<string, Slot>()
  for (const entry of source) slotOf(slots, entry, o).source.push(entry)
  for (const entry of dest) slotOf(slots, entry, o).dest.push(entry)
  const pairs: Pair[] = []
  for (const slot of slots.values()) {
    const pair = pairOf(choose('source', slot, o), choose('dest', slot, o), o)
    if (pair) pairs.push(pair)
  }
  return pairs
}

function slotOf(slots: Map<string, Slot>, entry: Entry, { names }: MatchOptions): Slot {
  const key = `${entry.kind}/${matchKey(basename(entry.path), names)}`
  const found = slots.get(key)
  if (found) return found
  const slot: Slot = { source: [], dest: [] }
  slots.set(key, slot)
  return slot
}

function choose(side: 'source' | 'dest', slot: Slot, o: MatchOptions): Entry | undefined {
  const own = slot[side]
  if (own.length < 2) return own[0]
  const others = new Set(slot[side === 'source' ? 'dest' : 'source'].map(nameOf))
  const kept = own.find((entry) => others.has(nameOf(entry))) ?? own[0]
  for (const entry of own) if (kept && entry !== kept) o.onDuplicate(side, entry, kept)
  return kept
}

function nameOf(entry: Entry): string {
  return basename(entry.path)
}

function pairOf(source: Entry | undefined, dest: Entry | undefined, o: MatchOptions): Pair | undefined {
  const either = source ?? dest
  if (!either) return undefined
  const name = nameOf(either)
  const place = { path: join(o.path, name), target: dest?.path ?? join(o.target, name) }
  if (source?.kind !== 'dir' && dest?.kind !== 'dir') {
    const spelled = dest && nameOf(dest) !== name ? join(parent(dest.path), name) : undefined
    return { kind: 'file', ...place, source, dest, spelled }
  }
  if (source?.kind !== 'file' && dest?.kind !== 'file') return { kind: 'dir', ...place, source, dest }
  return undefined
}
