import type { Entry, FileEntry } from '../core/entry.ts'
import { mayBeAlike } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Remote, MoveCallOptions } from '../core/remote.ts'

/** A renaming whose outcome is not known. */
export interface Renaming {
  readonly from: Path
  readonly to: Path
  readonly options?: MoveCallOptions | undefined
}

/** What a look at both ends of a renaming found. */
export interface Look {
  /** What is still under the old name: the renaming can be tried again. */
  readonly before: Entry | undefined
  /** What is under the new name, where nothing is under the old one any more. */
  readonly after: Entry | undefined
}

/** Looks at both ends of a renaming after its answer was lost. A change of case only always shows as `before`. */
export async function lookAt(remote: Remote, { from, to, options }: Renaming): Promise<Look> {
  const before = await remote.stat(from, options)
  return { before, after: before ? undefined : await remote.stat(to, options) }
}

/**
 * Whether `after` can be the file that was moved.
 * @param seen the file under its old name, where an earlier look found it there
 */
export function arrived(after: Entry | undefined, seen: FileEntry | undefined): after is FileEntry {
  if (after?.kind !== 'file') return false
  return seen === undefined || mayBeAlike(seen, after)
}
