import type { Context } from '../core/context.ts'
import { messageOf } from '../core/errors.ts'
import type { HashType } from '../core/hash.ts'
import { nameFromBytes } from '../core/names.ts'
import { join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { collect } from '../core/stream.ts'
import type { CheckTally, OnOutcome } from './check-tally.ts'
import { createCheckTally } from './check-tally.ts'
import { mapFiles } from './map-files.ts'
import { createFailures, endsEverything } from './failures.ts'
import type { FoundFile, Place } from './find-files.ts'
import { findFiles } from './find-files.ts'
import { hashOf, readHashes } from './hashes-of.ts'
import type { SumList } from './sum-list.ts'
import { parseSumList } from './sum-list.ts'
import type { WalkOptions } from './walk.ts'

export interface ChecksumOptions extends WalkOptions {
  readonly type: HashType
  /** Read every file instead of asking the remote. */
  readonly download?: boolean | undefined
  /** Files that the list does not name are fine. */
  readonly oneWay?: boolean | undefined
  readonly onOutcome?: OnOutcome | undefined
}

/** The sums in a file, with a line in the log for every bad line. @throws StorageError 'not-found' … */
export async function readSumList(
  ctx: Context,
  { remote, path, file }: Location & { readonly file: string },
): Promise<SumList> {
  const { signal } = ctx
  await using reader = await remote.open(join(path, file), { signal })
  const text = nameFromBytes(await collect(reader.stream({}, { signal })))
  return parseSumList(text, (complaint) => ctx.log.log({ level: 'NOTICE', object: file, text: complaint }))
}

/**
 * Compares the files of a place with a list of sums (rclone's surface §1.3, checksum).
 * @throws StorageError 'corrupt' at the end, where anything differed; as {@link findFiles} does
 */
export async function checksum(ctx: Context, place: Place, sums: SumList, o: ChecksumOptions): Promise<void> {
  const failures = createFailures(ctx)
  const dest = place.remote.facts(place.path).description
  const tally = createCheckTally(ctx, { source: undefined, dest, failures, onOutcome: o.onOutcome })
  const left = new Set(sums.keys())
  const compare = createCompareSum(ctx, place, { sums, left, tally, o })
  let listingError: unknown
  try {
    for await (const _ of mapFiles(ctx, findFiles(ctx, place, o), compare)) {
      // the tally has taken it
    }
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (endsEverything(error)) throw error
    listingError = error
  }
  for (const path of left) if (o.filter?.includesPath(path) !== false) tally.missingOnDest(path)
  tally.end(listingError === undefined ? 0 : 1)
  if (listingError !== undefined) throw listingError
}

function createCompareSum(
  ctx: Context,
  { remote }: Place,
  {
    sums,
    left,
    tally,
    o,
  }: { readonly sums: SumList; readonly left: Set<string>; readonly tally: CheckTally; readonly o: ChecksumOptions },
): (file: FoundFile) => Promise<undefined> {
  const { type } = o
  return async ({ entry, shown }) => {
    const sum = sums.get(shown)
    left.delete(shown)
    if (sum === undefined) {
      if (!o.oneWay) tally.missingOnSource(shown, 'sum not found')
      return undefined
    }
    try {
      const hash = o.download
        ? (await readHashes(ctx, remote, entry, [type]))[type]
        : await hashOf(ctx, remote, entry, type)
      if (hash === undefined || hash === '') tally.match(shown, false)
      else if (hash === sum) tally.match(shown, true)
      else tally.differ(shown, 'files differ')
    } catch (error) {
      ctx.signal.throwIfAborted()
      ctx.log.log({ level: 'ERROR', object: shown, text: `Failed to calculate hash: ${messageOf(error)}` })
      tally.failed(shown, error)
      if (endsEverything(error)) throw error
    }
    return undefined
  }
}
