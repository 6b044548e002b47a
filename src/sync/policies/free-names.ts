import type { Entry } from '../../core/entry.ts'
import { StorageError } from '../../core/errors.ts'
import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { ownName } from '../match.ts'
import type { Named } from '../naming.ts'

/** What is known of a directory whose entries get other names. */
export interface Crowd {
  /** Those that the run is about, with the names that they are to have. */
  readonly named: Named
  /** Everything in the directory that they go to. */
  readonly there: readonly Entry[]
  /** That is their own one. */
  readonly stay: boolean
  readonly caseInsensitive: boolean
}

/** How an entry comes to its new name. */
export interface Claim {
  /** How often others have to make way before. */
  readonly turn: number
  /** It is a directory, and one of that name stays there. */
  readonly joins: boolean
}

/** Why an entry cannot be renamed: another one gets the name, or has it and keeps it. */
export type Refusal = { readonly kept: Entry } | 'taken'

export interface FreeNames {
  readonly claims: ReadonlyMap<Entry, Claim>
  readonly refused: ReadonlyMap<Entry, Refusal>
}

/**
 * Gives every new name to one entry, and only where it is free or becomes free: what has it now is renamed itself, and before.
 * Entries that would change names in a circle keep theirs. A directory may take the name of another one: it comes after
 * that has made way, or joins it where it stays. No file takes the name of a directory, which may stay behind empty.
 */
export function freeNames(crowd: Crowd): FreeNames {
  const { nameOf } = crowd.named
  const keyOf = (name: string): string => matchKey(name, { caseInsensitive: crowd.caseInsensitive, normalise: false })
  const holders = new Map(crowd.there.map((entry) => [keyOf(ownName(entry)), entry]))
  const { moving, refused } = contest(crowd, keyOf)
  const claims = new Map<Entry, Claim>()

  const inTheWay = (entry: Entry): Entry | 'taken' | undefined => {
    const holder = moving.has(entry) ? holders.get(keyOf(nameOf(entry))) : undefined
    if (holder === undefined || holder === entry) return undefined
    const makesWay = holder.kind === 'file' ? moving.has(holder) : entry.kind === 'dir'
    return makesWay ? holder : 'taken'
  }
  const isOpen = (entry: Entry | 'taken' | undefined, line: ReadonlySet<Entry>): entry is Entry =>
    typeof entry === 'object' && !claims.has(entry) && !refused.has(entry) && !line.has(entry)
  const settle = (first: Entry): void => {
    const line = new Set<Entry>()
    let next: Entry | 'taken' | undefined = first
    while (isOpen(next, line)) {
      line.add(next)
      next = inTheWay(next)
    }
    const before = typeof next === 'object' ? claims.get(next)?.turn : -1
    const possible = next !== 'taken' && before !== undefined
    for (const [i, entry] of [...line].toReversed().entries()) {
      const holder = inTheWay(entry)
      const joins = typeof holder === 'object' && !moving.has(holder)
      if (possible) claims.set(entry, { turn: before + 1 + i, joins })
      else refused.set(entry, 'taken')
    }
  }
  for (const entry of moving) settle(entry)
  return { claims, refused }
}

/** Of several that want one name the first is to have it. */
function contest(
  { named: { entries, nameOf }, stay }: Crowd,
  keyOf: (name: string) => string,
): { readonly moving: ReadonlySet<Entry>; readonly refused: Map<Entry, Refusal> } {
  const wanting = new Map<string, Entry>()
  const refused = new Map<Entry, Refusal>()
  for (const entry of entries) {
    if (stay && nameOf(entry) === ownName(entry)) continue
    const kept = wanting.get(keyOf(nameOf(entry)))
    if (kept) refused.set(entry, { kept })
    else wanting.set(keyOf(nameOf(entry)), entry)
  }
  return { moving: new Set(wanting.values()), refused }
}

/** The error for a new name that something else has. */
export function taken(path: Path, name: string): StorageError {
  const details = { path, hint: 'Nothing is overwritten: rename or move what has that name first.' }
  return new StorageError('exists', `the new name "${name}" is taken`, { retry: 'never', details })
}
