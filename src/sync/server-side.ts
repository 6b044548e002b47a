import { isStorageError } from '../core/errors.ts'
import type { FileEntry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Location, Remote, MoveCallOptions } from '../core/remote.ts'

/** What the destination's own server can do with files of the source. */
export interface ServerSide {
  readonly copy: ((from: Path, to: Path) => Promise<FileEntry | undefined>) | undefined
  readonly move: ((from: Path, to: Path) => Promise<FileEntry | undefined>) | undefined
}

/**
 * Whether `to` can reach what lies under `path` of `from` by that same path: one account, and one way of naming things.
 */
export function reaches(from: Location, to: Remote): boolean {
  if (from.remote === to) return true
  if (from.remote.type !== to.type) return false
  const [x, y] = [from.remote.identity(from.path), to.identity(from.path)]
  return x.account === y.account && x.path === y.path
}

/**
 * Copying and moving from `source` to `dest` without bytes coming through here. The functions answer undefined where the
 * server turns out to be unable to.
 */
export function serverSide(source: Location, dest: Location, options: MoveCallOptions): ServerSide {
  const { remote } = dest
  if (!reaches(source, remote)) return { copy: undefined, move: undefined }
  return {
    copy: remote.copy && ((from, to) => ifSupported(remote.copy?.(from, to, { signal: options.signal }))),
    move: remote.move && ((from, to) => ifSupported(remote.move?.(from, to, options))),
  }
}

async function ifSupported(running: Promise<FileEntry> | undefined): Promise<FileEntry | undefined> {
  try {
    return await running
  } catch (error) {
    if (isStorageError(error, 'unsupported')) return undefined
    throw error
  }
}
