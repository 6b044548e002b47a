import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, isWithin, join, parent } from '../../core/path.ts'
import type { Names } from './names.ts'

/**
 * How paths are stored: as we would encode them, save where a listing has shown that another program stored a name
 * otherwise (a plain `50%.txt`). Also which directories have been listed, so that it is known that nothing of that kind
 * is in them. The service ignores case, so all of this does.
 */
export interface Spellings {
  /** @throws StorageError 'invalid-name' */
  stored(path: Path): string
  /** How something new at `path` is stored: its own name as we would. @throws StorageError 'invalid-name' */
  ours(path: Path): string
  /** From now on `path` is what is stored as `stored`. */
  learn(path: Path, stored: string): void
  /** What is at or below `path` is no longer stored in a way of its own. */
  forget(path: Path): void
  /** What was at `from`, with all below, is at `to` now, maybe the same, and stored as we would. */
  moved(from: Path, to: Path): void
  /** Whether `path` itself is stored otherwise than we would. */
  isOdd(path: Path): boolean
  /** Of `path` and what is above it, what is stored otherwise than we would, the highest first. */
  oddWay(path: Path): readonly Path[]
  /** `dir` has been listed; with `below`, so has all that is in it. */
  listed(dir: Path, below?: boolean): void
  wasListed(dir: Path): boolean
  /** The directories on the way to `path` in which one of its names may be stored in another way than ours, as far as is not known. */
  doubtful(path: Path): readonly Path[]
}

/** Directories that are remembered as listed: forgetting them costs requests, no more. */
const mostListed = 20_000

export function createSpellings(names: Names): Spellings {
  const odd = new Map<string, string>()
  const listed = new Set<string>()
  const trees = new Set<string>()

  const stored = (path: Path): string => {
    if (odd.size === 0) return names.stored(path)
    for (let above = path; above !== ''; above = parent(above)) {
      const known = odd.get(keyOf(above))
      if (known !== undefined) return join(known, names.stored(path.slice(above.length + 1)))
    }
    return names.stored(path)
  }

  const isListed = (dir: Path): boolean => {
    const key = keyOf(dir)
    if (listed.has(key)) return true
    for (let above = key; ; above = parent(above)) {
      if (trees.has(above)) return true
      if (above === '') return false
    }
  }

  return {
    stored,
    ours: (path) => join(stored(parent(path)), names.stored(basename(path))),
    learn: (path, spelling) => void odd.set(keyOf(path), spelling),
    forget(path) {
      const key = keyOf(path)
      for (const known of odd.keys()) if (isWithin(known, key)) odd.delete(known)
    },
    moved(from, to) {
      const [old, now] = [keyOf(from), keyOf(to)]
      const oldStored = stored(from)
      odd.delete(old)
      const nowStored = stored(to)
      const inside = [...odd].filter(([key]) => isWithin(key, old))
      for (const key of odd.keys()) if (isWithin(key, old)) odd.delete(key)
      for (const [key, spelling] of inside)
        odd.set(now + key.slice(old.length), nowStored + spelling.slice(oldStored.length))
      for (const dir of listed) if (isWithin(dir, now)) listed.delete(dir)
      for (const dir of trees) if (isWithin(dir, now) || isWithin(now, dir)) trees.delete(dir)
    },
    wasListed: isListed,
    isOdd: (path) => odd.has(keyOf(path)),
    oddWay: (path) => (odd.size === 0 ? [] : ancestry(path).filter((one) => odd.has(keyOf(one)))),
    listed(dir, below = false) {
      const known = below ? trees : listed
      if (known.size >= mostListed) known.clear()
      known.add(keyOf(dir))
    },
    doubtful(path) {
      if (names.stored(path) === path) return []
      return ancestry(path)
        .filter((one) => !names.isPlain(basename(one)) && !odd.has(keyOf(one)) && !isListed(parent(one)))
        .map(parent)
    },
  }
}

/** `path` and all above it but the root, the highest first. */
function ancestry(path: Path): readonly Path[] {
  const parts = path.split('/')
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

function keyOf(path: Path): string {
  return matchKey(path, { caseInsensitive: true, normalise: false })
}
