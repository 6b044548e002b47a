import type { BigIntStats } from 'node:fs'
import { lstatSync, statSync } from 'node:fs'
import type { DirEntry, Entry, FileEntry } from '../../core/entry.ts'
import type { Path } from '../../core/path.ts'
import { basename } from '../../core/path.ts'
import { systemCode, translated } from './failure.ts'
import type { DiskPath, Place } from './place.ts'
import { diskPath } from './place.ts'

/** What stands at a path, as the settings show it. */
export interface Seen {
  /** 'link': a symbolic link that `links` shows as a text file; 'bare link': one that is left out. */
  readonly kind: 'file' | 'dir' | 'link' | 'bare link'
  readonly path: Path
  readonly disk: DiskPath
  readonly stats: BigIntStats
}

/** The end of the names that symbolic links are shown under with `links` (docs: rclone's surface 3.4). */
export const linkSuffix = '.rclonelink'

/**
 * What stands at `path`; undefined for nothing, and for what the settings leave out (links, unless `bareLinks`; pipes, devices).
 */
export function look(place: Place, path: Path, bareLinks = false): Seen | undefined {
  const link = linkAt(place, path)
  if (link) return link
  const disk = diskPath(path)
  const own = lstat(place, path)
  const { copyLinks, links } = place.settings
  const stats = own?.isSymbolicLink() && copyLinks ? follow(place, path) : own
  if (stats?.isSymbolicLink() && bareLinks && !links) return { kind: 'bare link', path, disk, stats }
  if (stats?.isDirectory()) return { kind: 'dir', path, disk, stats }
  return stats?.isFile() ? { kind: 'file', path, disk, stats } : undefined
}

/** The path of the link that a name ending in .rclonelink speaks of; undefined for other names and without `links`. */
export function linkTarget(place: Place, path: Path): Path | undefined {
  if (!place.settings.links || !path.endsWith(linkSuffix) || basename(path) === linkSuffix) return undefined
  return path.slice(0, -linkSuffix.length)
}

/** The stats of what stands at `path` itself; undefined for nothing. */
export function lstat(place: Place, path: Path): BigIntStats | undefined {
  return statsBy(lstatSync, { place, operation: 'lstat', path })
}

/** The stats of what `path` leads to; undefined for nothing, and for a broken link. */
export function follow(place: Place, path: Path): BigIntStats | undefined {
  return statsBy(statSync, { place, operation: 'stat', path })
}

function statsBy(
  call: typeof lstatSync,
  { place, operation, path }: { readonly place: Place; readonly operation: string; readonly path: Path },
): BigIntStats | undefined {
  try {
    return call(diskPath(path), { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return undefined
    throw translated(place, operation, path, error)
  }
}

/** The entry of what was seen. */
export function entryOf({ kind, path, stats }: Seen): Entry {
  if (kind === 'dir') return dirEntry(path, stats)
  return kind === 'bare link' ? { ...fileEntry(path, stats), bareLink: true } : fileEntry(path, stats)
}

/** The entry of a directory. */
export function dirEntry(path: Path, stats: BigIntStats): DirEntry {
  return { kind: 'dir', path, modified: stats.mtimeNs, size: Number(stats.size) }
}

/** The entry of a file, or of a link shown as one. */
export function fileEntry(path: Path, stats: BigIntStats): FileEntry {
  return {
    kind: 'file',
    path,
    size: Number(stats.size),
    modified: stats.mtimeNs,
    hashes: {},
    created: stats.birthtimeNs > 0n ? stats.birthtimeNs : undefined,
    revision: `${stats.ino}-${stats.size}-${stats.mtimeNs}`,
  }
}

function linkAt(place: Place, path: Path): Seen | undefined {
  const target = linkTarget(place, path)
  const stats = target === undefined ? undefined : lstat(place, target)
  if (target === undefined || !stats?.isSymbolicLink()) return undefined
  return { kind: 'link', path, disk: diskPath(target), stats }
}
