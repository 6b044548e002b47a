import type { Entry } from '../core/entry.ts'
import { looseKey, matchKey } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { basename, join, parent } from '../core/path.ts'
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
  /**
   * Told of an entry that cannot have a partner because `kept` has the same name in the destination's eyes; true where that makes
   * `kept` a contested one.
   */
  readonly onDuplicate: (side: 'source' | 'dest', entry: Entry, kept: Entry) => boolean
  /** All that is in the directory is contested, as `PairOf` has it. */
  readonly contested?: boolean | undefined
  /** How the names of files end that become links in the destination. */
  readonly linkSuffix?: string | undefined
  /** Loose keys of names that the destination takes for one, whatever `names` says. */
  readonly one?: ReadonlySet<string> | undefined
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
  const slots = new Map<string, Slot>()
  const contested = new Set<Entry>()
  const matching = { nameOf, contested, o }
  const keyOf = (entry: Entry, name: string): string => {
    const loose = o.one && o.one.size > 0 ? looseSlotKey(entry, name) : ''
    return o.one?.has(loose) ? loose : slotKey(entry, name, o.names)
  }
  for (const entry of withoutLinkTwins(source, matching)) slotOf(slots, keyOf(entry, nameOf(entry))).source.push(entry)
  for (const entry of dest) slotOf(slots, keyOf(entry, ownName(entry))).dest.push(entry)
  const pairs: Pair[] = []
  for (const slot of slots.values()) {
    const pair = pairOf(choose('source', slot, matching), choose('dest', slot, matching), matching)
    if (pair) pairs.push(pair)
  }
  return pairs
}

/** Leaves out a link that has the name of something else, for it would take its place or lead it elsewhere. */
function withoutLinkTwins(source: readonly Entry[], { nameOf, contested, o }: Matching): readonly Entry[] {
  const { linkSuffix, onDuplicate } = o
  if (linkSuffix === undefined) return source
  const byName = new Map(source.map((entry) => [nameOf(entry), entry]))
  const out = new Set<Entry>()
  for (const link of source) {
    const twin = nameOf(link).endsWith(linkSuffix) ? byName.get(nameOf(link).slice(0, -linkSuffix.length)) : undefined
    if (!twin || link.kind === 'dir') continue
    if (onDuplicate('source', link, twin)) contested.add(twin)
    out.add(link)
  }
  return source.filter((entry) => !out.has(entry))
}

/** What entries of one kind have in common whose names some place may take for one. */
export function looseSlotKey({ kind }: Entry, name: string): string {
  return `${kind}/${looseKey(name)}`
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

interface Matching {
  readonly nameOf: Sides['nameOf']
  readonly contested: Set<Entry>
  readonly o: MatchOptions
}

function choose(side: 'source' | 'dest', slot: Slot, { nameOf, contested, o }: Matching): Entry | undefined {
  const own = slot[side]
  if (own.length < 2) return own[0]
  const [nameHere, nameThere] = side === 'source' ? [nameOf, ownName] : [ownName, nameOf]
  const others = new Set(slot[side === 'source' ? 'dest' : 'source'].map(nameThere))
  const kept = own.find((entry) => others.has(nameHere(entry))) ?? own[0]
  for (const entry of own) if (kept && entry !== kept && o.onDuplicate(side, entry, kept)) contested.add(kept)
  return kept
}

/** The name that an entry has. */
export function ownName(entry: Entry): string {
  return basename(entry.path)
}

function pairOf(source: Entry | undefined, dest: Entry | undefined, m: Matching): Pair | undefined {
  const { nameOf, o } = m
  if (!source && !dest) return undefined
  const name = source ? nameOf(source) : basename(dest?.path ?? '')
  const wanted = join(o.wanted, name)
  const path = source ? join(o.path, ownName(source)) : wanted
  const contested = o.contested || (source && m.contested.has(source))
  const place = { path, wanted, target: dest?.path ?? join(o.target, name), contested }
  if (source?.kind !== 'dir' && dest?.kind !== 'dir') {
    const spelled = dest && ownName(dest) !== name ? join(parent(dest.path), name) : undefined
    return { kind: 'file', ...place, source, dest, spelled }
  }
  if (source?.kind !== 'file' && dest?.kind !== 'file') return { kind: 'dir', ...place, source, dest }
  return undefined
}
