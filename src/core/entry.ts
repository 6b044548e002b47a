import type { Hashes } from './hash.ts'
import { hashTypes } from './hash.ts'
import type { Path } from './path.ts'
import type { Time } from './time.ts'

/** A file as a remote lists it. */
export interface FileEntry {
  readonly kind: 'file'
  readonly path: Path
  /** Bytes; undefined where the remote cannot tell without reading. */
  readonly size: number | undefined
  readonly modified: Time
  /** The hashes the listing brought; others may still be asked for with `remote.hash`. */
  readonly hashes: Hashes
  /** Creation time ("btime"). */
  readonly created?: Time | undefined
  /** When the remote stored this content ("utime"). */
  readonly stored?: Time | undefined
  readonly mimeType?: string | undefined
  /** What pins this content: a revision number, or inode and times; opaque outside its remote. */
  readonly revision?: string | undefined
  /** A symbolic link that its remote neither follows nor lists: `StatOptions` asks for such. Size and time are its own. */
  readonly bareLink?: true | undefined
}

/** A directory as a remote lists it. */
export interface DirEntry {
  readonly kind: 'dir'
  readonly path: Path
  readonly modified?: Time | undefined
  /** What the file system itself says (st_size); not the sum of what is inside. */
  readonly size?: number | undefined
}

export type Entry = FileEntry | DirEntry

/** Whether two files may have one content, as far as the size and those hashes tell that both listings have brought. */
export function mayBeAlike(a: FileEntry, b: FileEntry): boolean {
  return agree(a.size, b.size) && hashTypes.every((type) => agree(a.hashes[type], b.hashes[type]))
}

function agree<T>(a: T | undefined, b: T | undefined): boolean {
  return a === undefined || b === undefined || a === b
}
