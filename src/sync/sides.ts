import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import { isStorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import type { Failures } from '../operations/failures.ts'
import { listingError } from '../operations/failures.ts'
import { listDir } from '../operations/list-dir.ts'
import type { Found } from './finders.ts'
import { plainFinder, renamingFinder } from './finders.ts'
import type { NameRules, Sides } from './match.ts'
import { unchanged } from './naming.ts'
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
  /** A filter leaves it out of the destination: what the source has is looked up there, and nothing else is seen. */
  readonly sealed: boolean
}

/** Lists directories on both sides. */
export interface SidesReader {
  /** Both sides' entries of a directory; undefined where one could not be listed, which has been reported. */
  read(dir: DirOnBothSides): Promise<SidesRead | undefined>
  /** Removes what the listing has put on the disk. */
  close(): void
}

/** What was read of both sides. */
export interface SidesRead extends Sides {
  /** The source's root could not be listed, and this ends the walk: it reports that and throws. */
  readonly end?: (() => never) | undefined
}

/**
 * Lists directories on both sides at once. A destination that is missing is an empty one.
 * @param o `names`: how the destination tells names apart
 */
export function createSidesReader(
  ctx: Context,
  sides: { readonly source: Location; readonly dest: Location },
  o: MarchOptions & {
    readonly failures: Failures
    readonly names: NameRules
    readonly filteredApart?: boolean | undefined
  },
): SidesReader {
  const { filter } = o
  const destFilter = filter?.deleteExcluded ? undefined : filter
  const [ofSource, ofDest] = [listerOf(ctx, sides.source, filter, o), listerOf(ctx, sides.dest, destFilter, o)]
  const listers = { source: ofSource.list, dest: ofDest.list }
  const finder = o.nameTransform
    ? renamingFinder(ctx, sides, { ...o, listers, nameTransform: o.nameTransform })
    : plainFinder(ctx, sides, { ...o, listers })
  const read = async (dir: DirOnBothSides): Promise<SidesRead | undefined> => {
    const source = settle(dir.source === undefined ? Promise.resolve(nothing) : finder.source(dir.source))
    const found = source.then((outcome) => outcome.value ?? nothing)
    const missing = dir.dest === undefined || o.noCheckDest === true
    const dest = settle(missing ? Promise.resolve([]) : finder.dest(dir.dest, found, dir.sealed))
    const [here, there] = [await source, await dest]
    const rootLost = !here.value && dir.path === ''
    const gone = isStorageError(there.error, 'dir-not-found')
    if (!here.value && !rootLost) blame('source', dir, here.error)
    else if (!there.value && !gone && !rootLost) blame('dest', dir, there.error)
    else return both(dir, here, there.value)
    return undefined
  }
  return {
    read,
    close() {
      ofSource.close()
      ofDest.close()
    },
  }

  function both(dir: DirOnBothSides, here: Outcome<Found>, there: readonly Entry[] = []): SidesRead {
    const { entries, nameOf } = here.value ?? nothing
    const end = (): never => {
      throw blame('source', dir, here.error)
    }
    return { source: entries, dest: there, nameOf, end: here.value ? undefined : end }
  }

  function blame(side: 'source' | 'dest', { path }: DirOnBothSides, thrown: unknown): unknown {
    ctx.stop.throwIfAborted()
    const error = listingError(thrown)
    const word = side === 'source' ? 'source' : 'destination'
    const { remote, path: root } = sides[side]
    if (path !== '') o.failures.add(path, `error reading ${word} directory`, error)
    else o.failures.add('', `error reading ${word} root directory`, error, remote.facts(root).description)
    return error
  }
}

/** @param filter what it leaves out is not told of when it cannot be looked at */
function listerOf(
  ctx: Context,
  location: Location,
  filter: Filter | undefined,
  o: MarchOptions & { readonly failures: Failures },
): SpooledLister {
  const wanted = filter && ((path: Path) => filter.includesPath(relative(path, location.path)))
  const onEntryError = (error: StorageError): void => {
    const path = error.details.path ?? location.path
    if (wanted?.(path) !== false) o.failures.aside(relative(path, location.path), 'Listing error', error)
  }
  const whole = !(o.maxDepth !== undefined && o.maxDepth > 0) && o.filter?.recursiveListing !== false
  if (o.fastList && whole && location.remote.listAll)
    return createSpooledLister(ctx, location, { tempDir: o.tempDir, onEntryError })
  return {
    list: (dir) => listDir(ctx, location.remote, dir, { onEntryError, wanted }),
    close: () => undefined,
  }
}

const nothing: Found = { ...unchanged([]), left: [] }

interface Outcome<T> {
  readonly value?: T
  readonly error?: unknown
}

async function settle<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work }
  } catch (error) {
    return { error }
  }
}
