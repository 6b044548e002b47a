import { createHash } from 'node:crypto'
import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'

/** What a temporary directory holds: new content of a file beside it, or the file itself on its way to another name. */
export type TemporaryKind = 'new' | 'moved'

/**
 * The temporary directories that listings have shown and that this process does not use itself. One beside a file holds it
 * under the same name, so that names of any length fit.
 */
export interface Leftovers {
  /** Remembers `name` in `dir` where it is that of a temporary directory. */
  note(dir: Path, name: string): void
  /** `temporary` is gone. */
  forget(temporary: Path): void
  /** The temporary directories that are known in `dir`, no longer to be given again. */
  take(dir: Path): readonly Path[]
  /** Runs `work` while the temporary directory `temporary` is its own. */
  using<T>(temporary: Path, work: () => Promise<T>): Promise<T>
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
  const found = new Map<string, Set<Path>>()
  const used = new Map<Path, number>()
  return {
    note(dir, name) {
      if (temporaryKind(name) === undefined) return
      const key = keyOf(dir)
      found.set(key, (found.get(key) ?? new Set()).add(join(dir, name)))
    },
    forget(temporary) {
      const key = keyOf(parent(temporary))
      found.get(key)?.delete(temporary)
      if (found.get(key)?.size === 0) found.delete(key)
    },
    take(dir) {
      const key = keyOf(dir)
      const paths = [...(found.get(key) ?? [])]
      const [mine, left] = [
        paths.filter((path) => used.has(keyOf(path))),
        paths.filter((path) => !used.has(keyOf(path))),
      ]
      if (mine.length > 0) found.set(key, new Set(mine))
      else found.delete(key)
      return left
    },
    async using(temporary, work) {
      const key = keyOf(temporary)
      used.set(key, (used.get(key) ?? 0) + 1)
      try {
        return await work()
      } finally {
        const left = (used.get(key) ?? 1) - 1
        if (left > 0) used.set(key, left)
        else used.delete(key)
      }
    },
  }
}

function keyOf(path: Path): string {
  return matchKey(path, { caseInsensitive: true, normalise: false })
}
