import { StorageError } from '../../core/errors.ts'
import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, relative } from '../../core/path.ts'
import type { Location } from '../../core/remote.ts'
import type { FilePair, Judged } from '../pair.ts'

/** What a file of the destination is called when it is put away beside itself. @param path as seen from the destination */
export type BackupName = (path: Path) => Path

/**
 * Of one directory, the files that a move cannot replace: what they replace would be put away under the name of another file of the
 * source, which would then be nowhere.
 * @returns the error of each
 */
export function backupClashes(
  page: readonly Judged[],
  { remote, path: root }: Location,
  nameOf: BackupName,
): ReadonlyMap<FilePair, StorageError> {
  const { caseInsensitive } = remote.facts(root)
  const keyOf = (path: Path): string => matchKey(path, { caseInsensitive })
  const names = new Set(page.flatMap(({ pair }) => (pair.kind === 'file' && pair.source ? [keyOf(pair.wanted)] : [])))
  const errors = new Map<FilePair, StorageError>()
  for (const { pair, verdict } of page) {
    if (pair.kind !== 'file' || verdict !== 'different' || !pair.dest) continue
    const name = nameOf(relative(pair.dest.path, root))
    if (!names.has(keyOf(name))) continue
    const message = `what it replaces would be kept as "${basename(name)}", which the source has too`
    const hint = 'Choose another --suffix, or a --backup-dir.'
    errors.set(pair, new StorageError('exists', message, { retry: 'never', details: { path: pair.path, hint } }))
  }
  return errors
}
