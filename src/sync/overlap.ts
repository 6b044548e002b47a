import { StorageError } from '../core/errors.ts'
import { isWithin, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import type { MarchOptions } from './options.ts'

/** Whether two locations are one place, under whatever name. */
export function samePlace(a: Location, b: Location): boolean {
  const [x, y] = [a.remote.identity(a.path), b.remote.identity(b.path)]
  return x.account === y.account && x.path === y.path
}

/** Whether one of two locations lies in the other, or both are one. */
export function overlap(a: Location, b: Location): boolean {
  const [x, y] = [a.remote.identity(a.path), b.remote.identity(b.path)]
  return x.account === y.account && (isWithin(x.path, y.path) || isWithin(y.path, x.path))
}

/**
 * Refuses to sync or move between places of which one holds the other, unless the filter leaves the inner one out
 * (rclone's surface §5.2, "Overlap"). A filter keeps nothing from what has other names there.
 * @throws StorageError 'fatal'
 */
export function refuseOverlap(
  source: Location,
  dest: Location,
  { filter, nameTransform }: Pick<MarchOptions, 'filter' | 'nameTransform'>,
): void {
  if (!overlap(source, dest) || leftOut(source, dest, filter)) return
  if (!nameTransform && leftOut(dest, source, filter)) return
  const text = "can't sync or move files on overlapping remotes (try excluding the destination with a filter rule)"
  throw new StorageError('fatal', text)
}

/**
 * Refuses a backup directory that is on another account, or overlaps with source or destination (rclone's surface §5.4).
 * @throws StorageError 'fatal'
 */
export function checkBackupDir(
  places: { readonly source: Location; readonly dest: Location; readonly backup: Location },
  filter: Filter | undefined,
): void {
  const { source, dest, backup } = places
  if (backup.remote.identity(backup.path).account !== dest.remote.identity(dest.path).account)
    throw new StorageError('fatal', 'parameter to --backup-dir has to be on the same remote as destination')
  for (const [name, place] of [
    ['destination', dest],
    ['source', source],
  ] as const) {
    if (overlap(place, backup) && !leftOut(place, backup, filter))
      throw new StorageError('fatal', `${name} and parameter to --backup-dir mustn't overlap`)
  }
}

function leftOut(outer: Location, inner: Location, filter: Filter | undefined): boolean {
  if (!filter) return false
  const [x, y] = [outer.remote.identity(outer.path), inner.remote.identity(inner.path)]
  if (x.path === y.path || !isWithin(y.path, x.path)) return false
  const parts = relative(y.path, x.path).split('/')
  return parts.some((_, i) => !filter.includesDir(parts.slice(0, i + 1).join('/')))
}
