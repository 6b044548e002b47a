import type { Context } from '../core/context.ts'
import type { DirEntry, FileEntry } from '../core/entry.ts'
import type { HashType } from '../core/hash.ts'
import { commonHash } from '../core/hash.ts'
import type { Path } from '../core/path.ts'
import type { Location, Remote } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import { second, within } from '../core/time.ts'
import type { CompareOptions } from './options.ts'
import type { Pair, Verdict } from './pair.ts'

/** Says what a pair is: at once where the entries tell, as something to be run where bytes must be read or asked for. */
export type Compare = (pair: Pair) => Verdict | (() => Promise<Verdict>)

/** The rules by which two locations are compared (rclone's surface §5.1). */
export function createCompare(ctx: Context, source: Location, dest: Location, o: CompareOptions): Compare {
  const rules = rulesOf(ctx, source, dest, o)
  return (pair) => {
    if (!pair.source) return 'extra'
    if (!pair.dest) return 'missing'
    if (pair.kind === 'dir') return compareDirs(pair.source, pair.dest, rules)
    const verdict = compareFiles(pair.source, pair.dest, rules)
    return o.immutable ? unchangeable(ctx, pair.path, verdict) : verdict
  }
}

/** Under `--immutable` what differs is an error, be it only in its time (rclone's surface §5.1). */
function unchangeable(ctx: Context, path: Path, found: ReturnType<Compare>): ReturnType<Compare> {
  const judged = (verdict: Verdict): Verdict => {
    if (verdict !== 'time') return verdict === 'different' ? 'immutable' : verdict
    ctx.log.log({ level: 'ERROR', object: path, text: 'Timestamp mismatch between immutable objects' })
    return 'immutable'
  }
  return typeof found === 'string' ? judged(found) : async () => judged(await found())
}

interface Rules {
  readonly o: CompareOptions
  /** Times closer than this are the same; undefined where one side keeps no times. */
  readonly window: Time | undefined
  readonly canSetTimes: boolean
  readonly hash: HashType | undefined
  hashesOf(a: FileEntry, b: FileEntry): Promise<'same' | 'different' | 'unknown'>
  /** Said once: there is no hash to compare by. */
  noHash(): void
}

function rulesOf(ctx: Context, source: Location, dest: Location, o: CompareOptions): Rules {
  const [from, to] = [source.remote.facts(source.path), dest.remote.facts(dest.path)]
  const hash = commonHash(from.hashes, to.hashes)
  let said = false
  return {
    o,
    hash,
    window: windowOf(o.modifyWindow ?? 1n, from.timePrecision, to.timePrecision),
    canSetTimes: dest.remote.setTimes !== undefined,
    hashesOf: (a, b) =>
      ctx.limits.checks.run(() => compareHashes(ctx, hash, [source.remote, a], [dest.remote, b]), ctx.signal),
    noHash() {
      if (said) return
      said = true
      const why = 'the source and destination have no hashes in common'
      const text = `--checksum is in use but ${why}; falling back to --size-only`
      ctx.log.log({ level: 'NOTICE', object: to.description, text })
    },
  }
}

/** The coarsest of these; undefined where one side keeps no times. */
export function windowOf(...precisions: readonly (Time | undefined)[]): Time | undefined {
  let window = 0n
  for (const precision of precisions) {
    if (precision === undefined) return undefined
    if (precision > window) window = precision
  }
  return window
}

function compareFiles(a: FileEntry, b: FileEntry, rules: Rules): ReturnType<Compare> {
  const { o, window } = rules
  if (o.ignoreExisting) return 'keep'
  if (o.ignoreTimes) return 'different'
  if (o.update) {
    const age = b.modified - a.modified
    const least = window ?? second
    if (age >= least) return 'keep'
    if (-age < least) return o.checksum ? bySizeAndHash(a, b, rules) : bySize(a, b, rules)
    return equality(a, b, { ...rules, window: least })
  }
  return equality(a, b, rules)
}

function equality(a: FileEntry, b: FileEntry, rules: Rules): ReturnType<Compare> {
  const { o, window } = rules
  if (bySize(a, b, rules) === 'different') return 'different'
  if (o.sizeOnly) return 'same'
  if (o.checksum) return bySizeAndHash(a, b, rules)
  if (window === undefined) return byFreeHash(a, b, rules)
  return within(a.modified, b.modified, window) ? 'same' : byContent(a, b, rules)
}

function bySize(a: FileEntry, b: FileEntry, { o }: Rules): 'same' | 'different' {
  // It is no copy, whatever it may lead to
  if (b.bareLink) return 'different'
  if (o.ignoreSize || a.size === undefined || b.size === undefined) return 'same'
  return a.size === b.size ? 'same' : 'different'
}

function bySizeAndHash(a: FileEntry, b: FileEntry, rules: Rules): ReturnType<Compare> {
  if (bySize(a, b, rules) === 'different') return 'different'
  if (!rules.hash) {
    rules.noHash()
    return 'same'
  }
  return async () => ((await rules.hashesOf(a, b)) === 'different' ? 'different' : 'same')
}

/** Without times a changed file of the same size shows only by a hash, which is used where it costs nothing. */
function byFreeHash(a: FileEntry, b: FileEntry, { hash }: Rules): Verdict {
  const [x, y] = hash ? [a.hashes[hash], b.hashes[hash]] : []
  return x !== undefined && y !== undefined && x !== y ? 'different' : 'same'
}

/** The times differ: the same content needs its time set, where that can be done alone. */
function byContent(a: FileEntry, b: FileEntry, rules: Rules): ReturnType<Compare> {
  if (!rules.canSetTimes && !rules.o.noUpdateModtime) return 'different'
  if (!rules.hash) return rules.o.refreshTimes ? 'time' : 'different'
  return async () => {
    const hashes = await rules.hashesOf(a, b)
    return hashes === 'same' || (hashes === 'unknown' && rules.o.refreshTimes) ? 'time' : 'different'
  }
}

async function compareHashes(
  ctx: Context,
  type: HashType | undefined,
  a: readonly [Remote, FileEntry],
  b: readonly [Remote, FileEntry],
): Promise<'same' | 'different' | 'unknown'> {
  if (!type) return 'unknown'
  const hashOf = async ([remote, entry]: readonly [Remote, FileEntry]): Promise<string | undefined> =>
    entry.hashes[type] ?? (await remote.hash?.(entry, type, { signal: ctx.signal, remembered: true }))
  const [x, y] = await Promise.all([hashOf(a), hashOf(b)])
  if (x === undefined || y === undefined) return 'unknown'
  return x === y ? 'same' : 'different'
}

function compareDirs(a: DirEntry, b: DirEntry, { o, window }: Rules): Verdict {
  if (o.sizeOnly || o.ignoreExisting || o.immutable || window === undefined) return 'same'
  if (a.modified === undefined || b.modified === undefined) return 'same'
  if (o.ignoreTimes) return 'time'
  if (within(a.modified, b.modified, window)) return 'same'
  return o.update && b.modified - a.modified >= window ? 'keep' : 'time'
}
