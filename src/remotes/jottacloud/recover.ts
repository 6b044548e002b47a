import type { Entry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Drive } from './drive.ts'
import { temporaryKind } from './leftovers.ts'
import { list } from './list.ts'
import { moveDir } from './move-dir.ts'
import { move } from './move.ts'
import { removeTreeForGood } from './remove-for-good.ts'
import { rmdir } from './rmdir.ts'
import { stat } from './stat.ts'

/** Brings to its end what a crash has left in `dir`, before something is changed there. */
export type Recover = (dir: Path, options?: CallOptions) => Promise<void>

/**
 * A crash while a file was replaced leaves a temporary directory with its new content beside it. Where the file is there, old or new,
 * the directory is removed for good; where it is not, what is in the directory takes its place. With no_versions each directory is
 * looked at once; without, what listings have shown is enough.
 */
export function createRecovery(drive: Drive): Recover {
  const running = new Map<Path, Promise<void>>()
  return async (inside, options = {}) => {
    const dir = holderOf(inside)
    if (drive.noVersions && !drive.spellings.wasListed(dir)) await listQuietly(drive, dir, options)
    const key = dir.toLowerCase()
    const current = running.get(key)
    if (current) return current
    const found = drive.leftovers.take(dir)
    if (found.length === 0) return
    const work = endAll(drive, found, options)
    running.set(key, work)
    try {
      await work
    } finally {
      running.delete(key)
    }
  }
}

/** `dir`, or the directory that holds the temporary one which it is or lies in. */
function holderOf(dir: Path): Path {
  for (let above = dir; above !== ''; above = parent(above)) {
    if (temporaryKind(above) !== undefined) return parent(above)
  }
  return dir
}

async function listQuietly(drive: Drive, dir: Path, options: CallOptions): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  try {
    for await (const page of list(drive, dir, options)) entries.push(...page)
  } catch (error) {
    if (!isStorageError(error, 'dir-not-found')) throw error
    drive.spellings.listed(dir)
  }
  return entries
}

async function endAll(drive: Drive, found: readonly Path[], options: CallOptions): Promise<void> {
  for (const temporary of found) {
    try {
      await end(drive, temporary, options)
    } catch (error) {
      drive.leftovers.note(parent(temporary), basename(temporary))
      throw error
    }
  }
}

async function end(drive: Drive, temporary: Path, options: CallOptions): Promise<void> {
  let kept = false
  for (const { kind, path } of await listQuietly(drive, temporary, options)) {
    const place = join(parent(temporary), basename(path))
    if (await stat(drive, place, options)) kept ||= temporaryKind(temporary) === 'moved'
    else if (kind === 'dir') await moveDir(drive, path, place, options)
    else await move(drive, path, place, options)
  }
  if (!kept) return removeTreeForGood(drive, temporary, options)
  if (!(await isEmpty(drive, temporary, options))) return
  await rmdir(drive, temporary, options)
}

async function isEmpty(drive: Drive, dir: Path, options: CallOptions): Promise<boolean> {
  return (await listQuietly(drive, dir, options)).length === 0
}
