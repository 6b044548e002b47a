import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { Delete, MakeDir, RemoveDir } from '../action.ts'
import type { Judged } from '../pair.ts'

/** What a walk over both trees has come across. */
export interface Survey {
  seen(judged: Judged): void
  /** Files of the source, and their bytes. */
  readonly source: { readonly files: number; readonly bytes: number }
  /** Files of the destination. */
  readonly destFiles: number
  /** Files that only the destination has. */
  readonly extraFiles: readonly Delete[]
  /** Directories that only the destination has. */
  readonly extraDirs: readonly RemoveDir[]
  /** Directories of the source that are to be made for their own sake. */
  missingDirs(): readonly MakeDir[]
  /** Directories of the source. */
  readonly sourceDirs: readonly RemoveDir[]
}

/** @param o what is to be remembered, for it takes memory */
export function createSurvey(o: {
  readonly extras: boolean
  readonly sourceDirs: boolean
  /** 'empty': those without files of their own, which no file brings along. */
  readonly missingDirs: 'none' | 'empty' | 'all'
}): Survey {
  const source = { files: 0, bytes: 0 }
  const extraFiles: Delete[] = []
  const extraDirs: RemoveDir[] = []
  const sourceDirs: RemoveDir[] = []
  const missing = new Map<Path, MakeDir>()
  const filled = new Set<Path>()
  let destFiles = 0
  return {
    source,
    extraFiles,
    extraDirs,
    sourceDirs,
    get destFiles() {
      return destFiles
    },
    missingDirs: () =>
      [...missing].filter(([path]) => o.missingDirs === 'all' || !filled.has(path)).map(([, makeDir]) => makeDir),
    seen({ pair, verdict }) {
      const { path, wanted, target } = pair
      if (pair.kind === 'file') {
        if (pair.source) source.files++
        if (pair.source && o.missingDirs === 'empty') filled.add(parent(path))
        source.bytes += pair.source?.size ?? 0
        if (pair.dest) destFiles++
        if (o.extras && pair.dest && !pair.source) extraFiles.push({ kind: 'delete', path, target, dest: pair.dest })
        return
      }
      if (pair.source && verdict === 'missing' && o.missingDirs !== 'none')
        missing.set(path, { kind: 'make-dir', path: wanted, target, source: pair.source })
      if (o.extras && pair.dest && !pair.source)
        extraDirs.push({ kind: 'remove-dir', side: 'dest', path, dir: pair.dest.path })
      if (o.sourceDirs && pair.source)
        sourceDirs.push({ kind: 'remove-dir', side: 'source', path, dir: pair.source.path })
    },
  }
}
