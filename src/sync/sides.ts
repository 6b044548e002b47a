import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import { isStorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { basename, parent, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import type { Failures } from '../operations/failures.ts'
import { endsEverything, listingError } from '../operations/failures.ts'
import { listDir } from '../operations/list-dir.ts'
import { leadsNowhere, mayConcern } from '../operations/sieve.ts'
import type { Found } from './finders.ts'
import { plainFinder, renamingFinder } from './finders.ts'
import type { NameRules, Sides } from './match.ts'
import { ownName, slotKey } from './match.ts'
import { unchanged } from './naming.ts'
import type { MarchOptions } from './options.ts'
import { levelsOf } from './options.ts'
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
  /**
   * Reports a directory that cannot be looked into.
   * @param dir the whole path on its remote
   * @throws StorageError where it is the source's root
   */
  readonly blame: (side: 'source' | 'dest', dir: Path, thrown: unknown) => void
  /** Gives the space on the disk back that the listing took. */
  close(): void
}

/** What was read of both sides. */
export interface SidesRead extends Sides {
  /** The source's root could not be listed, and this ends the walk: it reports that and throws. */
  readonly end?: (() => void) | undefined
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
  const lost = new Map<Path, StorageError>()
  const onLost = (path: Path, error: StorageError): void => void lost.set(path, error)
  const ofSource = listerOf(ctx, sides.source, filter, { ...o, onLost })
  const ofDest = listerOf(ctx, sides.dest, destFilter, o)
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
    if (!here.value && !rootLost) return blame('source', dir.source ?? '', here.error)
    if (!there.value && !gone && (!rootLost || endsEverything(there.error)))
      return blame('dest', dir.dest ?? '', there.error)
    if (there.value) await tellLost(dir, there.value)
    const { entries, nameOf } = here.value ?? nothing
    const end = here.value ? undefined : (): void => blame('source', sides.source.path, here.error)
    return { source: entries, dest: there.value ?? [], nameOf, end }
  }
  return {
    read,
    blame,
    close() {
      ofSource.close()
      ofDest.close()
    },
  }

  /** A link that leads nowhere, which the filter leaves out as a file, may have led to what the destination has a directory of. */
  async function tellLost({ source }: DirOnBothSides, there: readonly Entry[]): Promise<void> {
    for (const [path, error] of lost) {
      if (parent(path) !== source) continue
      lost.delete(path)
      const name = (await o.nameTransform?.(basename(path), 'dir', ctx.signal).catch(() => undefined)) ?? basename(path)
      const key = slotKey({ kind: 'dir', path }, name, o.names)
      const isThere = there.some((entry) => slotKey(entry, ownName(entry), o.names) === key)
      if (isThere) o.failures.aside(relative(path, sides.source.path), 'Listing error', error)
    }
  }

  function blame(side: 'source' | 'dest', dir: Path, thrown: unknown): undefined {
    ctx.stop.throwIfAborted()
    const error = listingError(thrown)
    const word = side === 'source' ? 'source' : 'destination'
    const { remote, path: root } = sides[side]
    const path = relative(dir, root)
    if (path !== '') o.failures.unlisted(path, `error reading ${word} directory`, error)
    else o.failures.unlisted('', `error reading ${word} root directory`, error, remote.facts(root).description)
    if (path === '' && side === 'source') throw error
  }
}

/**
 * @param filter what it leaves out is not told of when it cannot be looked at
 * @param o `onLost`: told of links that lead nowhere and are left out, though a directory of that name would not be
 */
function listerOf(
  ctx: Context,
  location: Location,
  filter: Filter | undefined,
  o: MarchOptions & { readonly failures: Failures; readonly onLost?: (path: Path, error: StorageError) => void },
): SpooledLister {
  const wanted = filter && ((path: Path) => filter.includesPath(relative(path, location.path)))
  const onEntryError = (error: StorageError): void => {
    const path = error.details.path ?? location.path
    const shown = relative(path, location.path)
    if (mayConcern(filter, shown, error)) o.failures.aside(shown, 'Listing error', error)
    else if (filter?.includesDir(shown) && leadsNowhere(error)) o.onLost?.(path, error)
  }
  const whole = levelsOf(o) === Infinity && o.filter?.recursiveListing !== false
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
