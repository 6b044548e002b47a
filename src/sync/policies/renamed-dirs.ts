import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'
import type { MakeDir, RemoveDir, RenameDir } from '../action.ts'
import type { RenamedDir } from '../rename-walk.ts'

/** What becomes of directories when the files in them have other paths. */
export interface RenamedDirs {
  seen(dir: RenamedDir): void
  /** Under their new names. */
  made(): readonly MakeDir[]
  /** Those that were left, and that no other one has taken over. */
  left(): readonly RemoveDir[]
  /** Those that stay, and are spelled otherwise. */
  respelled(): readonly RenameDir[]
}

/** @param place how it tells names apart */
export function createRenamedDirs(place: { readonly caseInsensitive: boolean }): RenamedDirs {
  const moved: RenamedDir[] = []
  const respelled: RenamedDir[] = []
  const keyOf = (path: Path): string => matchKey(path, { ...place, normalise: false })
  return {
    seen(dir) {
      const { source, wanted, target } = dir
      if (target !== source.path) moved.push(dir)
      else if (basename(wanted) !== basename(source.path)) respelled.push(dir)
    },
    made() {
      const made = moved.filter(({ joins }) => !joins)
      return made.map(({ source, wanted, target }) => ({ kind: 'make-dir', path: wanted, target, source }))
    },
    left() {
      const taken = new Set(moved.map(({ target }) => keyOf(target)))
      const left = moved.filter(({ source }) => !taken.has(keyOf(source.path)))
      return left.map(({ source, path }) => ({ kind: 'remove-dir', side: 'source', path, dir: source.path }))
    },
    respelled: () =>
      respelled.map(({ source, path, wanted }) => {
        const target = join(parent(source.path), basename(wanted))
        return { kind: 'rename-dir', path: wanted, from: path, dest: source, target }
      }),
  }
}
