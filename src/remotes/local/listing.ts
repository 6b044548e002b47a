import type { BigIntStats } from 'node:fs'
import type { Entry } from '../../core/entry.ts'
import { refine, StorageError } from '../../core/errors.ts'
import { hasEscapedBytes } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { isWithin, join } from '../../core/path.ts'
import type { ListOptions } from '../../core/remote.ts'
import { failure, onDisk } from './failure.ts'
import { dirEntry, fileEntry, follow, linkSuffix, lstat } from './look.ts'
import type { Place } from './place.ts'
import { realPath } from './place.ts'

/** One listing of one directory. */
export interface Listing {
  /** The entry of a name; undefined for what is left out, which is logged or reported. */
  entry(name: string): Entry | undefined
  /** Throws the first error that nobody was told of. */
  end(): void
}

/** @param o `onError`: told of entries that could not be looked at, instead of `end` */
export function createListing(place: Place, dir: Path, { onError, wanted }: ListOptions): Listing {
  const { settings } = place
  const device = settings.oneFileSystem ? follow(place, dir)?.dev : undefined
  let first: unknown

  const failed = (error: unknown): void => {
    if (!(error instanceof StorageError)) throw error
    if (onError) onError(error)
    else first ??= error
  }

  const leaveOut = (path: Path, text: string): undefined => {
    if (wanted?.(path) !== false) notice(place, path, text)
  }

  const shown = (path: Path, stats: BigIntStats): Entry | undefined => {
    if (stats.isFile()) return fileEntry(path, stats)
    if (stats.isDirectory()) return device === undefined || device === stats.dev ? dirEntry(path, stats) : undefined
    return settings.skipSpecials ? undefined : leaveOut(path, "Can't transfer non file/directory")
  }

  const linked = (path: Path, stats: BigIntStats): Entry | undefined => {
    if (settings.copyLinks) return shown(path, followed(place, dir, path))
    if (settings.links) return fileEntry(`${path}${linkSuffix}`, stats)
    return settings.skipLinks ? undefined : leaveOut(path, "Can't follow symlink without -L/--copy-links")
  }

  return {
    entry(name) {
      const path = join(dir, name)
      if (hasEscapedBytes(name)) noticeBytes(place, dir, name)
      try {
        const stats = lstat(place, path)
        // What has vanished since its name was read is not there.
        if (!stats) return undefined
        return stats.isSymbolicLink() ? linked(path, stats) : shown(path, stats)
      } catch (error) {
        failed(error)
        return undefined
      }
    },
    end() {
      if (first !== undefined) throw first
    },
  }
}

/** What a link leads to; a broken one, and one that leads back to a directory above it, is an error. */
function followed(place: Place, dir: Path, path: Path): BigIntStats {
  const stats = follow(place, path)
  if (!stats) throw hopeless(failure(place, 'not-found', 'symlink: stat', path, 'no such file or directory'))
  if (stats.isDirectory() && leadsBack(place, dir, path))
    throw hopeless(failure(place, 'unsupported', 'symlink: stat', path, 'leads back to a directory that it lies in'))
  return stats
}

/** Another run meets the same link. */
function hopeless(error: StorageError): StorageError {
  return refine(error, { retry: 'never' })
}

function leadsBack(place: Place, dir: Path, link: Path): boolean {
  return onDisk(place, 'readlink', link, () => isWithin(realPath(dir), realPath(link)))
}

function notice(place: Place, object: string, text: string): void {
  place.log.log({ level: 'NOTICE', object, text })
}

function noticeBytes(place: Place, dir: Path, name: string): void {
  if (place.noticed.has(name)) return
  place.noticed.add(name)
  notice(place, place.describe(dir), `Replacing invalid UTF-8 characters in ${quoted(name)}`)
}

/** Go's %q, as far as such names need it. */
function quoted(name: string): string {
  return `"${name.replaceAll(/["\\\p{Cc}]|[\uDC80-\uDCFF]/gu, escaped)}"`
}

function escaped(char: string): string {
  const short = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char]
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0
  const hex = (code & 255).toString(16).padStart(2, '0')
  return code >= 0x80 && code < 0xa0 ? `\\u00${hex}` : `\\x${hex}`
}
