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

/** How long the end of a run may take for it, in milliseconds. */
const tidying = 5_000

/** Brings to its end what a crash has left. */
export interface Recovery {
  /** In `dir`, before something is changed there. */
  before(dir: Path, options?: CallOptions): Promise<void>
  /**
   * At the end of a run: what turned out not to be wanted, or could not be brought to its end before; and where the run has changed
   * something, what listings have shown of files that have their content already. What fails, fails.
   */
  finish(): Promise<void>
}

/**
 * A crash while a file was replaced leaves a temporary directory with its new content beside it. Where the file is there, old or new,
 * the directory is removed for good; where it is not, what is in the directory takes its place. One without a whole file may hold
 * an upload that this run goes on with: it is looked at again at the end. With no_versions each directory is looked at once;
 * without, what listings have shown is enough.
 */
export function createRecovery(drive: Drive): Recovery {
  const running = new Map<Path, Promise<void>>()
  let changes = false
  return {
    async before(inside, options = {}) {
      changes = true
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
    },
    async finish() {
      const options = { signal: AbortSignal.timeout(tidying) }
      const left = drive.leftovers.rest()
      // Two of one directory may hold what is to take one place
      const endIn = async (dir: Path): Promise<void> => {
        const inside = left.filter((temporary) => parent(temporary) === dir)
        for (const temporary of inside) await end(drive, temporary, { ...options, atLast: true }).catch(() => undefined)
      }
      await Promise.all([...new Set(left.map(parent))].map(endIn))
      if (!changes) return
      await Promise.allSettled(drive.leftovers.all().map((temporary) => removePlaced(drive, temporary, options)))
    },
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

async function end(drive: Drive, temporary: Path, options: CallOptions & { readonly atLast?: boolean }): Promise<void> {
  const entries = await listQuietly(drive, temporary, options)
  const kind = temporaryKind(temporary)
  if (entries.length === 0 && kind === 'new' && !options.atLast) return drive.leftovers.postpone(temporary)
  let kept = false
  for (const { kind: of, path } of entries) {
    const place = join(parent(temporary), basename(path))
    if (await isTaken(drive, { of, path, place }, options)) kept ||= kind === 'moved'
  }
  if (!kept) await removeTreeForGood(drive, temporary, options)
  else if (await isEmpty(drive, temporary, options)) await rmdir(drive, temporary, options)
  drive.leftovers.forget(temporary)
}

/** Whether a place is another's; where it is free what is under `path` takes it, and replaces nothing that comes at that moment. */
async function isTaken(
  drive: Drive,
  { of, path, place }: { readonly of: Entry['kind']; readonly path: Path; readonly place: Path },
  options: CallOptions,
): Promise<boolean> {
  if (await stat(drive, place, options)) return true
  try {
    if (of === 'dir') await moveDir(drive, path, place, options)
    else await move(drive, path, place, { ...options, replaceNothing: true })
    return false
  } catch (error) {
    if (isStorageError(error, 'exists')) return true
    throw error
  }
}

/** Removes a directory whose files have all taken their places: nothing is lost, whoever may be at work there. */
async function removePlaced(drive: Drive, temporary: Path, options: CallOptions): Promise<void> {
  const entries = await listQuietly(drive, temporary, options)
  if (entries.length === 0) return
  for (const entry of entries) {
    const placed = await stat(drive, join(parent(temporary), basename(entry.path)), options)
    if (placed?.kind !== 'file' || entry.kind !== 'file') return
    if (placed.size !== entry.size || entry.hashes.md5 === undefined || placed.hashes.md5 !== entry.hashes.md5) return
  }
  await removeTreeForGood(drive, temporary, options)
  drive.leftovers.forget(temporary)
}

async function isEmpty(drive: Drive, dir: Path, options: CallOptions): Promise<boolean> {
  return (await listQuietly(drive, dir, options)).length === 0
}
