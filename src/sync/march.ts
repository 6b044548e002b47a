import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { basename, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Failures } from '../operations/failures.ts'
import { explore } from '../util/explore.ts'
import { matchEntries } from './match.ts'
import type { MarchOptions } from './options.ts'
import type { DirPair, Pair } from './pair.ts'
import type { DirOnBothSides } from './sides.ts'
import { createSidesReader } from './sides.ts'

/**
 * Walks two trees side by side, directory by directory, and gives what belongs together in pages: one directory a page,
 * the directories in any order, as many listed at once as `ctx.limits.checks` lets and never more of them in memory.
 * A directory that cannot be listed is reported and left out with all below it.
 * @param o `descend`: 'both' to look into directories too that only the destination has
 * @throws StorageError where the source's root cannot be listed; it has been reported
 */
export async function* march(
  ctx: Context,
  source: Location,
  dest: Location,
  o: MarchOptions & { readonly failures: Failures; readonly descend?: 'source' | 'both' },
): AsyncGenerator<readonly Pair[]> {
  const read = createSidesReader(ctx, { source, dest }, o)
  const maxDepth = o.maxDepth === undefined || o.maxDepth < 1 ? Infinity : o.maxDepth
  const { caseInsensitive } = dest.remote.facts(dest.path)
  const names = { caseInsensitive, normalise: o.noUnicodeNormalization !== true }
  const onDuplicate = (side: 'source' | 'dest', entry: Entry, kept: Entry): void => {
    if (side === 'source') refuse(o.failures, { path: relative(entry.path, source.path), kept })
    else ignore(ctx, { path: relative(entry.path, dest.path), entry })
  }
  const descends = (pair: Pair): pair is DirPair =>
    pair.kind === 'dir' && (pair.source !== undefined || o.descend === 'both')

  const visit = async (dir: Visit): Promise<{ result: readonly Pair[]; next: readonly Visit[] }> => {
    ctx.stop.throwIfAborted()
    const sides = await read(dir)
    if (!sides) return { result: [], next: [] }
    const result = matchEntries(sides.source, sides.dest, { ...dir, names, onDuplicate })
    const below = dir.depth < maxDepth ? result.filter(descends) : []
    return { result, next: below.map((pair) => visitOf(pair, dir.depth + 1, o.noTraverse === true)) }
  }
  const root = { path: '', source: source.path, dest: dest.path, target: dest.path, depth: 1 }
  for await (const page of explore<Visit, readonly Pair[]>(root, ctx.limits.checks.limit, visit)) {
    if (page.length > 0) yield page
  }
}

interface Visit extends DirOnBothSides {
  /** Where the directory is or would be in the destination. */
  readonly target: Path
  readonly depth: number
}

function visitOf({ path, target, source, dest }: DirPair, depth: number, unlisted: boolean): Visit {
  return { path, target, depth, source: source?.path, dest: unlisted ? target : dest?.path }
}

/** Nothing of the source is passed over in silence: a second name that the destination cannot tell apart is an error. */
function refuse(failures: Failures, { path, kept }: { readonly path: Path; readonly kept: Entry }): void {
  const message = `the source also has "${basename(kept.path)}", which is the same name in the destination`
  const details = { path, hint: 'rename one of them' }
  failures.add(path, 'Left out', new StorageError('exists', message, { details }))
}

function ignore(ctx: Context, { path, entry }: { readonly path: Path; readonly entry: Entry }): void {
  const kind = entry.kind === 'file' ? 'object' : 'directory'
  ctx.log.log({ level: 'NOTICE', object: path, text: `Duplicate ${kind} found in destination - ignoring` })
}
