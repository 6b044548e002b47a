import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { join, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Failures } from '../operations/failures.ts'
import { listOne } from '../operations/list-one.ts'
import type { FileAt } from './action.ts'
import { createCompare } from './compare.ts'
import type { CompareOptions, KeepOptions, MarchOptions } from './options.ts'
import type { FilePair, Look } from './pair.ts'
import { reaches } from './server-side.ts'

/** Looks for a file that the destination lacks or has otherwise. */
export type Elsewhere = (pair: FilePair) => Promise<FoundElsewhere>

interface FoundElsewhere {
  /** Of every place that has the name, whether it is the same there; the last one is where it was found. */
  readonly looks: readonly Look[]
  /** Undefined: nowhere. */
  readonly at: FileAt | undefined
  readonly copy: boolean
}

/**
 * Looks for the source's files in the places of `--compare-dest` and `--copy-dest`, in their order (rclone's surface §5.4).
 * A directory of the file's name is an error; but for a single file, it is transferred all the same.
 * @returns undefined where there are none
 * @throws StorageError 'fatal' where a place of `--copy-dest` cannot be copied from on the destination's server
 */
export function createElsewhere(
  ctx: Context,
  source: Location,
  dest: Location,
  o: CompareOptions & KeepOptions & Pick<MarchOptions, 'nameTransform'> & ElsewhereDuty,
): Elsewhere | undefined {
  const copying = (o.copyDest?.length ?? 0) > 0
  const flag = copying ? '--copy-dest' : '--compare-dest'
  const places = (copying ? o.copyDest : o.compareDest) ?? []
  if (places.length === 0) return undefined
  if (copying) for (const place of places) refuseUncopiable(place, dest)
  const rules = { ...o, ignoreExisting: false, ignoreTimes: false, update: false, immutable: false }
  const candidates = places.map((place) => ({
    place,
    compare: createCompare(ctx, source, place, { ...rules, noUpdateModtime: true }),
  }))
  // A single file may be given another name, which it is only looked for under where something has that already
  const nameOf = ({ path, wanted, dest: there }: FilePair): Path => {
    if (o.nameTransform) return wanted
    return there ? relative(there.path, dest.path) : path
  }
  return async (pair) => {
    const looks: Look[] = []
    for (const { place, compare } of candidates) {
      const path = join(place.path, nameOf(pair))
      const entry = await listOne(ctx, { remote: place.remote, path }, { bareLinks: true })
      if (!entry) continue
      if (entry.kind === 'dir') {
        const error = new StorageError('is-dir', 'is a directory not a file', { details: { path } })
        if (o.single) throw error
        o.failures.add(pair.path, `Failed to look in ${flag}`, error)
        return { looks: [...looks, 'error'], at: undefined, copy: false }
      }
      const found = compare({ ...pair, dest: entry })
      const verdict = typeof found === 'string' ? found : await found()
      const same = verdict === 'same' || verdict === 'time'
      looks.push(same ? 'match' : 'differ')
      if (same) return { looks, at: { remote: place.remote, entry }, copy: copying }
    }
    return { looks, at: undefined, copy: false }
  }
}

interface ElsewhereDuty {
  readonly failures: Failures
  /** The run is about one file. */
  readonly single?: boolean | undefined
}

function refuseUncopiable(place: Location, { remote }: Location): void {
  if (!remote.copy)
    throw new StorageError('fatal', "can't use --copy-dest on a remote which doesn't support server side copy")
  if (!reaches(place, remote))
    throw new StorageError('fatal', 'parameter to --copy-dest has to be on the same remote as destination')
}
