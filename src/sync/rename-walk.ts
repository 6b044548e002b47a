import type { Context } from '../core/context.ts'
import type { DirEntry, Entry } from '../core/entry.ts'
import type { StorageError } from '../core/errors.ts'
import { matchKey } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { join, parent, relative } from '../core/path.ts'
import type { Location, Remote } from '../core/remote.ts'
import type { Failures } from '../operations/failures.ts'
import { listingError } from '../operations/failures.ts'
import { listDir } from '../operations/list-dir.ts'
import { createSieve } from '../operations/sieve.ts'
import { explore } from '../util/explore.ts'
import type { Action, Transfer } from './action.ts'
import { collision } from './march.ts'
import { ownName } from './match.ts'
import { nameEntries } from './naming.ts'
import type { RenameOptions } from './options.ts'
import { levelsOf } from './options.ts'
import type { Refusal } from './policies/free-names.ts'
import { freeNames, taken } from './policies/free-names.ts'
import { nameError } from './policies/plan.ts'

/** A directory, and where what is in it goes. */
export interface RenamedDir {
  readonly source: DirEntry
  /** As seen from the root, now and then. */
  readonly path: Path
  readonly wanted: Path
  /** The directory's own path where it stays, also where only its upper and lower case change and the place ignores that. */
  readonly target: Path
  /** There is a directory already that it becomes one with. */
  readonly joins: boolean
}

export interface RenameWalkOptions extends RenameOptions {
  readonly failures: Failures
  /** Told of every directory, before what is in it is given. */
  readonly onDir: (dir: RenamedDir) => void
}

interface Visit {
  readonly dir: Path
  readonly path: Path
  readonly wanted: Path
  readonly target: Path
  readonly joins: boolean
  readonly depth: number
  /** How often others have made way before. */
  readonly turn: number
}

/** What one visit gives, now or later. */
interface Visited {
  readonly moves: readonly { readonly turn: number; readonly action: Transfer }[]
  readonly visits: readonly Visit[]
}

/**
 * Walks a tree and gives the files that get another path, directory by directory. What has to wait for a name to become
 * free comes after what frees it, with a 'settle' between. What cannot be renamed is reported, and stays with all below it.
 * @throws StorageError where the root cannot be listed; it has been reported
 */
export async function* renameWalk(
  ctx: Context,
  place: Location,
  o: RenameWalkOptions,
): AsyncGenerator<readonly Action[]> {
  const { path: root } = place
  const turns: { readonly visits: Visit[]; readonly moves: Transfer[] }[] = []
  const at = (turn: number) => (turns[turn] ??= { visits: [], moves: [] })
  const look = createLook(ctx, place, o)
  const visit = async (dir: Visit): Promise<{ result: readonly Transfer[]; next: readonly Visit[] }> => {
    const { moves, visits } = await look(dir)
    for (const { turn, action } of moves) if (turn > dir.turn) at(turn).moves.push(action)
    for (const later of visits) if (later.turn > dir.turn) at(later.turn).visits.push(later)
    const result = moves.filter(({ turn }) => turn === dir.turn).map(({ action }) => action)
    return { result, next: visits.filter(({ turn }) => turn === dir.turn) }
  }
  at(0).visits.push({ dir: root, path: '', wanted: '', target: root, joins: false, depth: 1, turn: 0 })
  for (let turn = 0; turn < turns.length; turn++) {
    const { moves, visits } = at(turn)
    if (turn > 0) yield [{ kind: 'settle' }]
    yield moves
    for (const dir of visits) yield* explore<Visit, readonly Action[]>(dir, ctx.limits.checks.limit, visit)
  }
}

/** Looks at one directory: what is to be moved, and what is to be looked at next. */
function createLook(ctx: Context, place: Location, o: RenameWalkOptions): (visit: Visit) => Promise<Visited> {
  const { remote, path: root } = place
  const { failures, filter } = o
  const unread = (dir: Path, error: unknown): void =>
    failures.add(relative(dir, root), 'error reading source directory', error)
  const sieve = filter && createSieve(ctx, place, filter, unread)
  const maxDepth = levelsOf(o)
  const { caseInsensitive } = remote.facts(root)
  const shown = (entry: Entry): Path => relative(entry.path, root)
  const unnamed = (entry: Entry, error: unknown): void => failures.add(shown(entry), 'Failed to transform', error)
  const refuse = (entry: Entry, name: string, why: Refusal): void => {
    const error = why === 'taken' ? taken(entry.path, name) : collision(shown(entry), why.kept)
    if (why === 'taken' || o.nameCollisions !== 'skip') failures.add(shown(entry), 'Left out', error)
    else ctx.log.log({ level: 'NOTICE', object: shown(entry), text: 'Duplicate name found - ignoring' })
  }
  const destinationOf = (source: Entry, name: string, visit: Visit): Path => {
    if (visit.target !== visit.dir) return join(visit.target, name)
    const keys = [name, ownName(source)].map((each) => matchKey(each, { caseInsensitive, normalise: false }))
    return source.kind === 'dir' && keys[0] === keys[1] ? source.path : join(parent(source.path), name)
  }

  return async (visit) => {
    ctx.stop.throwIfAborted()
    const marked = visit.path === '' && (await sieve?.isMarked(root)) === true
    const entries = marked ? [] : await listSource(ctx, place, visit, failures)
    const named = await nameEntries(ctx, (await sieve?.keep(entries)) ?? entries, o.nameTransform, unnamed)
    const stay = visit.target === visit.dir
    const there = stay ? entries : visit.joins ? await listTarget(ctx, remote, visit, failures) : []
    const { claims, refused } = freeNames({ named, there, stay, caseInsensitive })
    for (const [entry, why] of refused) refuse(entry, named.nameOf(entry), why)
    const moves: { turn: number; action: Transfer }[] = []
    const visits: Visit[] = []
    for (const source of named.entries.filter((entry) => !refused.has(entry))) {
      const name = named.nameOf(source)
      const target = destinationOf(source, name, visit)
      const { turn: wait, joins } = claims.get(source) ?? { turn: 0, joins: false }
      const [path, turn] = [shown(source), visit.turn + wait]
      const problem = target === source.path ? undefined : nameError(remote, { path, target })
      if (problem) failures.add(path, 'Left out', problem)
      else if (source.kind === 'dir') {
        const dir = { path, wanted: join(visit.wanted, name), target, joins }
        o.onDir({ source, ...dir })
        if (visit.depth < maxDepth) visits.push({ ...dir, dir: source.path, depth: visit.depth + 1, turn })
      } else if (target !== source.path) {
        moves.push({ turn, action: { kind: 'transfer', path, target, source, dest: undefined } })
      }
    }
    return { moves, visits }
  }
}

/** What is in a directory; nothing where it cannot be listed, which has been reported. */
async function listSource(
  ctx: Context,
  { remote, path: root }: Location,
  { dir, path }: Visit,
  failures: Failures,
): Promise<readonly Entry[]> {
  const onEntryError = (error: StorageError): void =>
    failures.add(relative(error.details.path ?? root, root), 'Listing error', error)
  try {
    return await listDir(ctx, remote, dir, { onEntryError })
  } catch (thrown) {
    ctx.stop.throwIfAborted()
    const error = listingError(thrown)
    if (path !== '') failures.add(path, 'error reading source directory', error)
    else failures.add('', 'error reading source root directory', error, remote.facts(root).description)
    if (path === '') throw error
    return []
  }
}

/** What is in the directory that another one joins, as far as that can be told: whoever puts something there looks again. */
async function listTarget(
  ctx: Context,
  remote: Remote,
  { target, path }: Visit,
  failures: Failures,
): Promise<readonly Entry[]> {
  try {
    return await listDir(ctx, remote, target, { onEntryError: () => undefined })
  } catch (error) {
    ctx.stop.throwIfAborted()
    failures.add(path, 'error reading destination directory', listingError(error))
    return []
  }
}
