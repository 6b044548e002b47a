import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { isStorageError, messageOf } from '../core/errors.ts'
import type { HashType } from '../core/hash.ts'
import { commonHash } from '../core/hash.ts'
import type { Path } from '../core/path.ts'
import { join } from '../core/path.ts'
import type { Location, Remote } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import { asCheck } from '../operations/as-check.ts'
import type { CheckTally, OnOutcome } from '../operations/check-tally.ts'
import { createCheckTally } from '../operations/check-tally.ts'
import { createFailures, endsEverything } from '../operations/failures.ts'
import type { Failures } from '../operations/failures.ts'
import type { Decision, Gate } from '../operations/gate.ts'
import { openGate } from '../operations/gate.ts'
import { hashOf } from '../operations/hashes-of.ts'
import { listOne } from '../operations/list-one.ts'
import { createLane } from '../util/lane.ts'
import { sameContent } from './same-content.ts'
import { march } from './march.ts'
import { nameOfFile } from './naming.ts'
import type { MarchOptions } from './options.ts'
import type { FilePair, Pair } from './pair.ts'

/** How two trees are compared without changing either (rclone's surface §1.3, check). */
export interface CheckOptions extends MarchOptions {
  readonly filter?: Filter | undefined
  /** Compare contents instead of hashes. */
  readonly download?: boolean | undefined
  readonly sizeOnly?: boolean | undefined
  readonly ignoreSize?: boolean | undefined
  /** What only the destination has is fine. */
  readonly oneWay?: boolean | undefined
  readonly onOutcome?: OnOutcome | undefined
  /** Asked before two files are compared; what is only on one side is reported in any case. Default: compare everything. */
  readonly gate?: Gate | undefined
}

const waiting = 1000

/**
 * Compares the files of two places by size and hash or content, and logs and reports every difference. Times do not matter.
 * @param source `file`: the one file that is compared with that of the same name in `dest`
 * @throws StorageError 'corrupt' at the end, where anything differed; 'dir-not-found' where the source is missing
 */
export async function check(
  ctx: Context,
  source: Location & { readonly file?: string | undefined },
  dest: Location,
  o: CheckOptions = {},
): Promise<void> {
  const failures = createFailures(ctx)
  const [from, to] = [source.remote.facts(source.path), dest.remote.facts(dest.path)]
  const tally = createCheckTally(ctx, {
    source: from.description,
    dest: to.description,
    failures,
    onOutcome: o.onOutcome,
  })
  const hash = o.download ? undefined : commonHash(from.hashes, to.hashes)
  if (!o.download) sayHash(ctx, hash)
  const compare = createComparison(ctx, [source.remote, dest.remote], { hash, tally, o })
  let sourceError: unknown
  let quit = false
  try {
    await eachPair(ctx, pairsOf(ctx, source, dest, { o, failures }), async (pair) => {
      if (quit) return
      if (pair.source && pair.dest) {
        const decision = await compare({ ...pair, source: pair.source, dest: pair.dest })
        quit ||= decision === 'quit'
      } else if (pair.source) tally.missingOnDest(pair.path)
      else if (!o.oneWay) tally.missingOnSource(pair.path, `file not in ${from.description}`)
    })
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (!isStorageError(error, 'dir-not-found')) throw error
    sourceError = error
  }
  if (!quit) finish(tally, sourceError)
}

/** The missing source is what the run ends with, whatever else was found. */
function finish(tally: CheckTally, sourceError: unknown): void {
  try {
    tally.end()
  } catch (error) {
    throw sourceError ?? error
  }
  if (sourceError !== undefined) throw sourceError
}

function sayHash(ctx: Context, hash: HashType | undefined): void {
  if (hash) ctx.log.log({ level: 'INFO', text: `Using ${hash} for hash comparisons` })
  else ctx.log.log({ level: 'ERROR', text: 'No common hash found - not using a hash for checks' })
}

async function* pairsOf(
  ctx: Context,
  source: Location & { readonly file?: string | undefined },
  dest: Location,
  { o, failures }: { readonly o: CheckOptions; readonly failures: Failures },
): AsyncGenerator<readonly Pair[]> {
  const { file } = source
  if (file === undefined) {
    const descend = o.oneWay ? 'source' : 'both'
    yield* march(ctx, source, dest, { ...o, failures, descend, filteredApart: true })
    return
  }
  const wanted = await nameOfFile(ctx, file, o)
  const target = join(dest.path, wanted)
  const [a, b] = await Promise.all([
    listOne(ctx, { remote: source.remote, path: join(source.path, file) }),
    listOne(ctx, { remote: dest.remote, path: target }),
  ])
  const fileIn = (entry: typeof a): FileEntry | undefined => (entry?.kind === 'file' ? entry : undefined)
  yield [{ kind: 'file', path: file, wanted, target, source: fileIn(a), dest: fileIn(b) }]
}

async function eachPair(
  ctx: Context,
  pages: AsyncIterable<readonly Pair[]>,
  work: (pair: FilePair) => Promise<void>,
): Promise<void> {
  const lane = createLane<FilePair>({ workers: ctx.limits.checks.limit, capacity: waiting }, work)
  try {
    for await (const page of pages) {
      for (const pair of page) {
        ctx.stop.throwIfAborted()
        if (pair.kind === 'file') await lane.push(pair)
      }
    }
    await lane.drain()
  } finally {
    await lane.close()
  }
}

type WholePair = FilePair & { readonly source: FileEntry; readonly dest: FileEntry }

function createComparison(
  ctx: Context,
  [from, to]: readonly [source: Remote, dest: Remote],
  { hash, tally, o }: { readonly hash: HashType | undefined; readonly tally: CheckTally; readonly o: CheckOptions },
): (pair: WholePair) => Promise<Decision> {
  const compare = async ({ path, source, dest }: WholePair): Promise<void> => {
    const sized = !o.ignoreSize && source.size !== undefined && dest.size !== undefined
    if (sized && source.size !== dest.size) return tally.differ(path, 'sizes differ')
    if (o.sizeOnly) return tally.match(path, true)
    if (o.download) {
      const same = await asTransfer(ctx, path, (onProgress) => sameContent(ctx, [from, source], [to, dest], onProgress))
      return same ? tally.match(path, true) : tally.differ(path, 'contents differ')
    }
    if (!hash) return tally.match(path, false)
    const [a, b] = await Promise.all([hashOf(ctx, from, source, hash), hashOf(ctx, to, dest, hash)])
    if (!a || !b) return tally.match(path, false)
    return a === b ? tally.match(path, true) : tally.differ(path, `${hash} differ`)
  }
  return async (pair) => {
    const { path, source } = pair
    const decision = await (o.gate ?? openGate)({ action: 'check', object: path, size: source.size })
    if (decision !== 'do') return decision
    try {
      await asCheck(ctx, path, () => compare(pair))
    } catch (error) {
      ctx.signal.throwIfAborted()
      const what = o.download ? 'failed to download: ' : ''
      ctx.log.log({ level: 'ERROR', object: path, text: `${what}${messageOf(error)}` })
      tally.failed(path, error)
      if (endsEverything(error)) throw error
    }
    return 'do'
  }
}

/** A comparison of contents counts as one transfer of both sides' bytes, as in rclone's stats. */
async function asTransfer<T>(
  ctx: Context,
  path: Path,
  work: (onProgress: (position: number) => void) => Promise<T>,
): Promise<T> {
  let size = 0
  let failed = true
  ctx.report({ type: 'transfer-started', path, size: undefined })
  try {
    const result = await work((position) => {
      size = 2 * position
      ctx.report({ type: 'transfer-progress', path, position: size })
    })
    failed = false
    return result
  } finally {
    ctx.report({ type: 'transfer-done', path, size, failed })
  }
}
