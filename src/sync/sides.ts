import type { Context } from '../core/context.ts'
import type { Entry, FileEntry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import { isStorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { basename, join, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import type { Failures } from '../operations/failures.ts'
import { listingError } from '../operations/failures.ts'
import { listDir } from '../operations/list-dir.ts'
import { listOne } from '../operations/list-one.ts'
import { mapConcurrent } from '../util/async.ts'
import { filteredLister } from './filtered-lister.ts'
import type { Sides } from './markers.ts'
import type { MarchOptions } from './options.ts'
import type { SpooledLister } from './spooled-lister.ts'
import { createSpooledLister } from './spooled-lister.ts'

/** The same directory on both sides. */
export interface DirOnBothSides {
  /** As seen from both locations. */
  readonly path: Path
  /** On its remote; undefined where that side does not have it. */
  readonly source: Path | undefined
  readonly dest: Path | undefined
}

/** Lists directories on both sides. */
export interface SidesReader {
  /** Both sides' entries of a directory; undefined where one could not be listed, which has been reported. */
  read(dir: DirOnBothSides): Promise<Sides | undefined>
  /** Removes what the listing has put on the disk. */
  close(): void
}

/**
 * Lists directories on both sides at once. A destination that is missing is an empty one.
 * @throws StorageError, from the reader, 'dir-not-found' … where the source's root cannot be listed
 */
export function createSidesReader(
  ctx: Context,
  sides: { readonly source: Location; readonly dest: Location },
  o: MarchOptions & { readonly failures: Failures },
): SidesReader {
  const { filter } = o
  const destFilter = filter?.deleteExcluded ? undefined : filter
  const [ofSource, ofDest] = [listerOf(ctx, sides.source, filter, o), listerOf(ctx, sides.dest, destFilter, o)]
  const listSource = filteredLister(ctx, sides.source, filter, ofSource.list)
  const listDest = filteredLister(ctx, sides.dest, destFilter, ofDest.list)
  const destEntries = async (dir: Path | undefined, source: Promise<Outcome>): Promise<readonly Entry[]> => {
    if (dir === undefined || o.noCheckDest) return []
    return o.noTraverse
      ? await lookUp(ctx, { remote: sides.dest.remote, path: dir }, await source)
      : await listDest(dir)
  }
  const read = async (dir: DirOnBothSides): Promise<Sides | undefined> => {
    const source = settle(dir.source === undefined ? [] : listSource(dir.source))
    const dest = settle(destEntries(dir.dest, source))
    const [found, there] = [await source, await dest]
    if (found.error !== undefined) return blame('source', dir, found.error)
    if (there.error === undefined) return { source: found.entries, dest: there.entries }
    if (isStorageError(there.error, 'dir-not-found')) return { source: found.entries, dest: [] }
    return blame('dest', dir, there.error)
  }
  return {
    read,
    close() {
      ofSource.close()
      ofDest.close()
    },
  }

  function blame(side: 'source' | 'dest', { path }: DirOnBothSides, thrown: unknown): undefined {
    ctx.stop.throwIfAborted()
    const error = listingError(thrown)
    const word = side === 'source' ? 'source' : 'destination'
    const { remote, path: root } = sides[side]
    if (path !== '') o.failures.add(path, `error reading ${word} directory`, error)
    else o.failures.add('', `error reading ${word} root directory`, error, remote.facts(root).description)
    if (path === '' && side === 'source') throw error
  }
}

/** @param filter what it leaves out is not told of when it cannot be looked at */
function listerOf(
  ctx: Context,
  location: Location,
  filter: Filter | undefined,
  o: MarchOptions & { readonly failures: Failures },
): SpooledLister {
  const onEntryError = (error: StorageError): void => {
    const path = relative(error.details.path ?? location.path, location.path)
    if (filter?.includesPath(path) !== false) o.failures.aside(path, 'Listing error', error)
  }
  const whole = !(o.maxDepth !== undefined && o.maxDepth > 0) && o.filter?.recursiveListing !== false
  if (o.fastList && whole && location.remote.listAll)
    return createSpooledLister(ctx, location, { tempDir: o.tempDir, onEntryError })
  return {
    list: (dir) => listDir(ctx, location.remote, dir, { onEntryError }),
    close: () => undefined,
  }
}

/** What stands in a directory of the destination under the names of the source's files. */
async function lookUp(ctx: Context, dest: Location, source: Outcome): Promise<readonly Entry[]> {
  const files = source.entries.filter((entry): entry is FileEntry => entry.kind === 'file')
  const found = await mapConcurrent(files, ctx.limits.checks.limit, (file) =>
    listOne(ctx, { remote: dest.remote, path: join(dest.path, basename(file.path)) }),
  )
  return found.filter((entry) => entry !== undefined)
}

interface Outcome {
  readonly entries: readonly Entry[]
  readonly error?: unknown
}

async function settle(listing: readonly Entry[] | Promise<readonly Entry[]>): Promise<Outcome> {
  try {
    return { entries: await listing }
  } catch (error) {
    return { entries: [], error }
  }
}
