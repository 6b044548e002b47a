import { createHash } from 'node:crypto'
import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'

/** What a temporary directory holds: new content of a file beside it, or the file itself on its way to another name. */
export type TemporaryKind = 'new' | 'moved'

/**
 * The temporary directories that listings have shown or that this process has made. One beside a file holds it under the
 * same name, so that names of any length fit.
 */
export interface Leftovers {
  /** Remembers `name` in `dir` where it is that of a temporary directory. */
  note(dir: Path, name: string): void
  /** `temporary` is gone. */
  forget(temporary: Path): void
  /** The temporary directories that are known in `dir` and not busy, no longer to be given again. */
  take(dir: Path): readonly Path[]
  /** All that are known and not busy, wherever they are. */
  all(): readonly Path[]
  /** `temporary` is left for the end: nobody knows yet whether it will be wanted. */
  postpone(temporary: Path): void
  /** What was postponed, and what this process made and left behind, where it is not busy. */
  rest(): readonly Path[]
  /** Runs `work`, which makes and removes `temporary`, while that is busy. */
  using<T>(temporary: Path, work: () => Promise<T>): Promise<T>
  /** What is in `temporary` may be continued, by this process or another: it stays busy. */
  keep(temporary: Path): void
  isBusy(temporary: Path): boolean
}

/**
 * The temporary directory for a file: the same for the same file and content, so that a repeated upload is resumed.
 * @param content what makes it another one, e.g. the MD5
 */
export function temporaryDir(path: Path, kind: TemporaryKind, content: string): Path {
  const id = createHash('md5')
    .update(`${keyOf(path)}\0${content}`)
    .digest('hex')
    .slice(0, 16)
  return join(parent(path), `.fjord-${kind}-${id}`)
}

/** What a temporary directory of this name holds; undefined for every other directory. */
export function temporaryKind(dir: Path): TemporaryKind | undefined {
  const kind = /^\.fjord-(new|moved)-[0-9a-f]{16}$/.exec(basename(dir))?.[1]
  return kind === 'new' || kind === 'moved' ? kind : undefined
}

export function createLeftovers(): Leftovers {
  const found = new Map<string, Path>()
  const late = new Map<string, Path>()
  const kept = new Set<string>()
  const used = new Map<string, number>()
  const isBusy = (path: Path): boolean => used.has(keyOf(path)) || kept.has(keyOf(path))
  return {
    isBusy,
    note(dir, name) {
      if (temporaryKind(name) !== undefined) found.set(keyOf(join(dir, name)), join(dir, name))
    },
    forget(temporary) {
      for (const known of [found, late, kept]) known.delete(keyOf(temporary))
    },
    take(dir) {
      const paths = [...found.values()].filter((path) => keyOf(parent(path)) === keyOf(dir) && !isBusy(path))
      for (const path of paths) found.delete(keyOf(path))
      return paths
    },
    all: () => [...found.values()].filter((path) => !isBusy(path)),
    postpone: (temporary) => void late.set(keyOf(temporary), temporary),
    rest: () => [...late.values()].filter((path) => !isBusy(path)),
    async using(temporary, work) {
      const key = keyOf(temporary)
      used.set(key, (used.get(key) ?? 0) + 1)
      found.set(key, temporary) // for whoever comes next, should this fail
      late.set(key, temporary)
      try {
        return await work()
      } finally {
        const left = (used.get(key) ?? 1) - 1
        if (left > 0) used.set(key, left)
        else used.delete(key)
      }
    },
    keep: (temporary) => void kept.add(keyOf(temporary)),
  }
}

function keyOf(path: Path): string {
  return matchKey(path, { caseInsensitive: true, normalise: false })
}
