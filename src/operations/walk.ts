import type { Context } from '../core/context.ts'
import type { DirEntry, Entry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import { messageOf } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { relative } from '../core/path.ts'
import type { ListOptions, Location } from '../core/remote.ts'
import type { Filter } from '../filter/filter.ts'
import { explore } from '../util/explore.ts'
import { again, endsEverything, listingError } from './failures.ts'
import { listDir } from './list-dir.ts'
import type { OnListedError } from './look-up.ts'
import { lookUp } from './look-up.ts'
import type { Sieve } from './sieve.ts'
import { createSieve, mayConcern } from './sieve.ts'

export interface WalkOptions {
  /** Levels to go down, 1 being the directory itself; absent or below 1: all. */
  readonly maxDepth?: number | undefined
  /** Only what it lets through, and nothing below the directories that it keeps out. */
  readonly filter?: Filter | undefined
  /** Use the remote's recursive listing where it has one and neither depth nor filter forbids it. Default true. */
  readonly recursiveListing?: boolean | undefined
  /**
   * Told of a directory or entry that could not be looked at, instead of the log and the report.
   * @param path as seen from the location; '' for the location itself
   */
  readonly onError?: ((path: Path, error: unknown) => void) | undefined
}

/**
 * Everything below `location`, in pages. Directory by directory, the entries of each are sorted and together, the
 * directories in any order; a recursive listing comes in the remote's order (rclone's surface §1.1).
 * @throws StorageError after everything else was given, where something could not be listed: 'dir-not-found' …; an error
 * of its own, so that what was reported on the way is counted apart
 */
export async function* walk(ctx: Context, location: Location, o: WalkOptions = {}): AsyncGenerator<readonly Entry[]> {
  const maxDepth = o.maxDepth === undefined || o.maxDepth < 1 ? Infinity : o.maxDepth
  const problems = createProblems(ctx, location.path, o)
  const { filter } = o
  const onMissing = (error: unknown): void => problems.dir(location.path, error)
  if (filter?.files) yield* lookUp(ctx, location, { filter, maxDepth, onError: problems.named, onMissing })
  else {
    const sieve = filter && createSieve(ctx, location, filter, problems.dir)
    const wanted = filter && ((path: Path) => filter.includesPath(relative(path, location.path)))
    const atOnce = maxDepth === Infinity && o.recursiveListing !== false && filter?.recursiveListing !== false
    const everything = atOnce
      ? location.remote.listAll?.(location.path, { signal: ctx.signal, onError: problems.entry, wanted })
      : undefined
    if (everything) yield* walkAtOnce(ctx, everything, { sieve, fail: (error) => problems.dir(location.path, error) })
    else yield* walkDirs(ctx, location, { maxDepth, problems, sieve, wanted })
  }
  problems.throwLast()
}

interface Problems {
  readonly dir: (dir: Path, error: unknown) => void
  readonly entry: (error: StorageError) => void
  /** @param path as seen from the root */
  readonly named: OnListedError
  throwLast(): void
}

function createProblems(ctx: Context, root: Path, { onError, filter }: WalkOptions): Problems {
  let last: { readonly error: unknown } | undefined
  const found = (path: Path, error: unknown, what: string, unlisted?: true): void => {
    last = { error }
    if (onError) onError(path, error)
    else {
      ctx.log.log({ level: 'ERROR', object: path, text: `${what}: ${messageOf(error)}` })
      ctx.report({ type: 'error', path, error, ...(unlisted && { unlisted }) })
    }
  }
  return {
    dir(dir, thrown) {
      ctx.signal.throwIfAborted()
      const error = listingError(thrown)
      found(relative(dir, root), error, 'error listing', true)
      if (endsEverything(error)) throw error
    },
    entry(error) {
      const path = relative(error.details.path ?? root, root)
      if (mayConcern(filter, path, error)) found(path, error, 'Listing error')
    },
    named(path, what, error) {
      ctx.signal.throwIfAborted()
      found(path, error, what)
      if (endsEverything(error)) throw error
    },
    throwLast() {
      if (last) throw again(last.error)
    },
  }
}

async function* walkAtOnce(
  ctx: Context,
  pages: AsyncIterable<readonly Entry[]>,
  { sieve, fail }: { readonly sieve: Sieve | undefined; readonly fail: (error: unknown) => void },
): AsyncGenerator<readonly Entry[]> {
  const listing = pages[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await listing.next().catch(fail)
      if (!next || next.done) return
      ctx.report({ type: 'listed', entries: next.value.length })
      const page = sieve ? await sieve.keep(next.value) : next.value
      if (page.length > 0) yield page
    }
  } finally {
    await listing.return?.()
  }
}

interface Visit {
  readonly dir: Path
  readonly depth: number
}

async function* walkDirs(
  ctx: Context,
  { remote, path }: Location,
  {
    maxDepth,
    problems,
    sieve,
    wanted,
  }: {
    readonly maxDepth: number
    readonly problems: Problems
    readonly sieve: Sieve | undefined
    readonly wanted: ListOptions['wanted']
  },
): AsyncGenerator<readonly Entry[]> {
  const visit = async ({ dir, depth }: Visit): Promise<{ result: readonly Entry[]; next: readonly Visit[] }> => {
    try {
      ctx.stop.throwIfAborted()
      if (depth === 1 && (await sieve?.isMarked(dir))) return { result: [], next: [] }
      const listed = await listDir(ctx, remote, dir, { onEntryError: problems.entry, wanted })
      const result = sieve ? await sieve.keep(listed) : listed
      const below = depth < maxDepth ? result.filter(isDir) : []
      return { result, next: below.map((entry) => ({ dir: entry.path, depth: depth + 1 })) }
    } catch (error) {
      ctx.stop.throwIfAborted()
      problems.dir(dir, error)
      return { result: [], next: [] }
    }
  }
  for await (const page of explore({ dir: path, depth: 1 }, ctx.limits.checks.limit, visit)) {
    if (page.length > 0) yield page
  }
}

function isDir(entry: Entry): entry is DirEntry {
  return entry.kind === 'dir'
}
