import { StorageError } from '../core/errors.ts'
import { looseKey } from '../core/names.ts'
import { isWithin, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Identity } from '../core/facts.ts'
import type { Filter } from '../filter/filter.ts'
import type { FileAt } from './action.ts'
import type { MarchOptions } from './options.ts'

/** Whether two locations are one place, under whatever name. */
export function samePlace(a: Location, b: Location): boolean {
  return isOne(a.remote.identity(a.path), b.remote.identity(b.path))
}

/** Whether two locations may be one place: in which ways one that ignores case folds names is not known. */
export function maybeSamePlace(a: Location, b: Location): boolean {
  const [x, y] = [a.remote.identity(a.path), b.remote.identity(b.path)]
  if (x.account !== y.account || looseKey(x.path) !== looseKey(y.path)) return false
  return x.path === y.path || [a, b].some(({ remote, path }) => remote.facts(path).caseInsensitive)
}

/** Whether one of two locations may lie in the other, or both are one. */
export function overlap(a: Location, b: Location): boolean {
  const [x, y] = [looseIdentity(a), looseIdentity(b)]
  if (x.account !== y.account) return false
  return x.path === y.path ? samePlace(a, b) : isWithin(x.path, y.path) || isWithin(y.path, x.path)
}

function isOne(x: Identity, y: Identity): boolean {
  return x.account === y.account && x.path === y.path
}

function looseIdentity({ remote, path }: Location): Identity {
  const identity = remote.identity(path)
  return remote.facts(path).caseInsensitive ? { ...identity, path: looseKey(identity.path) } : identity
}

/**
 * Whether two files are one under whatever paths, such as two mounts of one directory: to delete either would be the end of it.
 * Two disks may give their files the same numbers, but not at the same time.
 */
export function isOneFile(a: FileAt, b: FileAt): boolean {
  if (maybeSamePlace({ remote: a.remote, path: a.entry.path }, { remote: b.remote, path: b.entry.path })) return true
  if (a.remote.type !== 'local' || b.remote.type !== 'local') return false
  const [x, y] = [a.entry, b.entry]
  return x.revision !== undefined && x.revision === y.revision && x.created === y.created
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
  if (!nameTransform && leftOut(dest, source, ofDest(filter))) return
  const text = "can't sync or move files on overlapping remotes (try excluding the destination with a filter rule)"
  throw new StorageError('fatal', text)
}

interface Places {
  readonly source: Location
  readonly dest: Location
  readonly backup: Location
}

/**
 * Refuses a backup directory that is on another account, or overlaps with source or destination (rclone's surface §5.4).
 * @throws StorageError 'fatal'
 */
export function checkBackupDir(places: Places, filter: Filter | undefined): void {
  const { source, dest, backup } = places
  checkAccount(places)
  for (const [name, place, rules] of [
    ['destination', dest, ofDest(filter)],
    ['source', source, filter],
  ] as const) {
    if (overlap(place, backup) && !leftOut(place, backup, rules))
      throw new StorageError('fatal', `${name} and parameter to --backup-dir mustn't overlap`)
  }
}

/**
 * The same for one file, which goes into a directory: that alone is no backup directory, unless there is a suffix
 * (as rclone 1.60 does).
 */
export function checkBackupOfFile(places: Places, suffix: string | undefined): void {
  checkAccount(places)
  for (const name of ['source', 'dest'] as const) {
    if (suffix || !samePlace(places[name], places.backup)) continue
    const shown = name === 'dest' ? 'destination' : name
    throw new StorageError('fatal', `${shown} and parameter to --backup-dir mustn't be the same`)
  }
}

function checkAccount({ dest, backup }: Places): void {
  if (backup.remote.identity(backup.path).account !== dest.remote.identity(dest.path).account)
    throw new StorageError('fatal', 'parameter to --backup-dir has to be on the same remote as destination')
}

/** The filter that the destination is listed with: what it excludes there is deleted under `--delete-excluded`. */
function ofDest(filter: Filter | undefined): Filter | undefined {
  return filter?.deleteExcluded ? undefined : filter
}

function leftOut(outer: Location, inner: Location, filter: Filter | undefined): boolean {
  if (!filter) return false
  const [x, y] = [looseIdentity(outer), looseIdentity(inner)]
  if (x.path === y.path || !isWithin(y.path, x.path)) return false
  const parts = relative(y.path, x.path).split('/')
  return parts.some((_, i) => !filter.includesDir(parts.slice(0, i + 1).join('/')))
}
