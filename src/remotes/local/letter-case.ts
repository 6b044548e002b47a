import { Buffer } from 'node:buffer'
import { opendirSync, statfsSync } from 'node:fs'
import { looseKey, nameFromBytes } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'
import { follow, lstat } from './look.ts'
import type { Place } from './place.ts'
import { diskPath, ownNames, realPath } from './place.ts'

/** Types of file systems that always ignore case: FAT and exFAT. */
const caseless: ReadonlySet<number> = new Set([0x4d44, 0x2011bab0])
/** Names of a directory that are looked at, at most. */
const mostNames = 100

/** Whether names that differ in case alone are one in the directory `path`, or in what it will be made in; undefined: who knows. */
export function ignoresCase(place: Place, path: Path): boolean | undefined {
  const { caseInsensitive, caseSensitive } = place.settings
  if (caseInsensitive || caseSensitive) return caseInsensitive
  return ownNames.caseInsensitive ? true : findsOtherCase(place, path)
}

/** Whether `to` is but another spelling of `from`, for a disk on which both lead to the same. */
export function isRespelled(place: Place, from: Path, to: Path): boolean {
  return looseKey(from) === looseKey(to) && ignoresCase(place, parent(to)) === true
}

/**
 * Looks up a name that is there in its other case: in the directory itself, else that of the nearest directory above it, on the same
 * file system.
 */
function findsOtherCase(place: Place, path: Path): boolean | undefined {
  try {
    let dir = path
    while (dir !== '' && !follow(place, dir)?.isDirectory()) dir = parent(dir)
    dir = realPath(dir)
    const device = lstat(place, dir)?.dev
    if (caseless.has(statfsSync(diskPath(dir)).type)) return true
    for (const name of namesIn(dir)) {
      const found = isFoundAs(place, dir, name)
      if (found !== undefined) return found
    }
    for (; dir !== '' && lstat(place, parent(dir))?.dev === device; dir = parent(dir)) {
      const found = isFoundAs(place, parent(dir), basename(dir))
      if (found !== undefined) return found
    }
  } catch {
    // What cannot be looked into tells nothing
  }
  return undefined
}

/** Whether a name of `dir` leads to the same in its other case; undefined where that cannot be told, as of hard links. */
function isFoundAs(place: Place, dir: Path, name: string): boolean | undefined {
  const other = otherCase(name)
  if (other === name) return undefined
  const [own, found] = [lstat(place, join(dir, name)), lstat(place, join(dir, other))]
  if (!own) return undefined
  if (!found || found.ino !== own.ino || found.dev !== own.dev) return false
  return own.isDirectory() || own.nlink === 1n ? true : undefined
}

/** Only letters of ASCII: every rule of case agrees on them. */
function otherCase(name: string): string {
  return name.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()))
}

function* namesIn(dir: Path): Generator<string> {
  const opened = opendirSync(diskPath(dir), { encoding: 'latin1' })
  try {
    for (let i = 0; i < mostNames; i++) {
      const entry = opened.readSync()
      if (!entry) return
      yield nameFromBytes(Buffer.from(entry.name, 'latin1'))
    }
  } finally {
    opened.closeSync()
  }
}
