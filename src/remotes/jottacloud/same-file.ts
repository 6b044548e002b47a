import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import type { WireDir, WireFile } from './api/documents.ts'
import type { Drive } from './drive.ts'

/** Whether two paths are one to a service that ignores case. */
export function isSameFile(drive: Drive, a: Path, b: Path): boolean {
  return keyOf(drive, a) === keyOf(drive, b)
}

/**
 * Whether what the service has at two paths is one file or directory, in whatever way it folds names: then it has one stored
 * name, in one folder.
 */
export function isSameItem(
  drive: Drive,
  a: { readonly path: Path; readonly item: WireFile | WireDir },
  b: { readonly path: Path; readonly item: WireFile | WireDir },
): boolean {
  if (isSameFile(drive, a.path, b.path)) return true
  if (a.item.kind === 'file' && b.item.kind === 'file' && a.item.uuid !== undefined && b.item.uuid !== undefined) {
    return a.item.uuid === b.item.uuid
  }
  if (a.item.kind !== b.item.kind || a.item.above === undefined) return false
  return a.item.above === b.item.above && a.item.name === b.item.name
}

function keyOf(drive: Drive, path: Path): string {
  return matchKey(drive.spellings.stored(path), { caseInsensitive: true, normalise: false })
}
