import type { FileEntry } from './entry.ts'
import type { Path } from './path.ts'
import type { Time } from './time.ts'
import { parseRfc3339 } from './time.ts'

/** Metadata of a file or directory by rclone's names: 'mtime', 'btime', 'mode', 'uid' … ; times are RFC 3339. */
export type Metadata = Readonly<Record<string, string>>

/** One item of metadata that the place itself knows. */
export interface MetadataItem {
  readonly name: string
  readonly help: string
  /** What its values are, e.g. 'RFC 3339'. */
  readonly type: string
  readonly example: string
  /** Told and never taken. */
  readonly readOnly: boolean
}

/**
 * Finds the metadata of a file when it is to be set.
 * @param as the path that the file is written under, which may be a temporary one
 * @param whole the file under its temporary path, when it is about to get its own: asked once more then, and undefined changes
 * nothing
 */
export type FindMetadata = (as: Path, whole?: FileEntry) => Promise<Metadata | undefined>

/** The metadata of a file that is written under `as`. */
export async function findMetadata(given: Metadata | FindMetadata | undefined, as: Path): Promise<Metadata> {
  return (typeof given === 'function' ? await given(as) : given) ?? {}
}

/** The times that metadata names; what is no time is left aside. */
export function timesIn(metadata: Metadata): {
  readonly created: Time | undefined
  readonly modified: Time | undefined
  readonly accessed: Time | undefined
} {
  const time = (name: string): Time | undefined => parseRfc3339(metadata[name] ?? '')
  return { created: time('btime'), modified: time('mtime'), accessed: time('atime') }
}
