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
  /** Directories of the source that the destination lacks. */
  readonly missingDirs: readonly MakeDir[]
  /** Directories of the source. */
  readonly sourceDirs: readonly RemoveDir[]
}

/** @param o what is to be remembered, for it takes memory */
export function createSurvey(o: {
  readonly extras: boolean
  readonly sourceDirs: boolean
  readonly missingDirs: boolean
}): Survey {
  const source = { files: 0, bytes: 0 }
  const extraFiles: Delete[] = []
  const extraDirs: RemoveDir[] = []
  const sourceDirs: RemoveDir[] = []
  const missingDirs: MakeDir[] = []
  let destFiles = 0
  return {
    source,
    extraFiles,
    extraDirs,
    sourceDirs,
    get destFiles() {
      return destFiles
    },
    missingDirs,
    seen({ pair, verdict }) {
      const { path, target } = pair
      if (pair.kind === 'file') {
        if (pair.source) source.files++
        source.bytes += pair.source?.size ?? 0
        if (pair.dest) destFiles++
        if (o.extras && pair.dest && !pair.source) extraFiles.push({ kind: 'delete', path, target, dest: pair.dest })
        return
      }
      if (o.missingDirs && pair.source && verdict === 'missing')
        missingDirs.push({ kind: 'make-dir', path, target, source: pair.source })
      if (o.extras && pair.dest && !pair.source)
        extraDirs.push({ kind: 'remove-dir', side: 'dest', path, dir: pair.dest.path })
      if (o.sourceDirs && pair.source)
        sourceDirs.push({ kind: 'remove-dir', side: 'source', path, dir: pair.source.path })
    },
  }
}
