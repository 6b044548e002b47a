import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { join, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { listOne } from './list-one.ts'
import type { WalkOptions } from './walk.ts'
import { walk } from './walk.ts'

/** A directory, or the one file `file` in it. */
export interface Place extends Location {
  readonly file?: string | undefined
  /** That file, where it has just been found. */
  readonly entry?: FileEntry | undefined
}

/** A file and its path as seen from the place it was looked for in. */
export interface FoundFile {
  readonly entry: FileEntry
  readonly shown: string
}

/**
 * The files of a place: all below it, or the one that it names.
 * @throws StorageError as {@link walk} does; a named file that is not there is no error, and not given
 */
export async function* findFiles(
  ctx: Context,
  place: Place,
  o: WalkOptions = {},
): AsyncGenerator<readonly FoundFile[]> {
  if (place.file === undefined) {
    for await (const page of walk(ctx, place, o)) {
      yield page.flatMap((entry) => (entry.kind === 'file' ? [{ entry, shown: relative(entry.path, place.path) }] : []))
    }
    return
  }
  const entry = place.entry ?? (await listOne(ctx, { remote: place.remote, path: join(place.path, place.file) }))
  if (entry?.kind === 'file') yield [{ entry, shown: place.file }]
}
