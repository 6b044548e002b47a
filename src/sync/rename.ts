import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { matchKey } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { basename, join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Failures } from '../operations/failures.ts'
import { createFailures } from '../operations/failures.ts'
import { openGate } from '../operations/gate.ts'
import { deepestFirst } from '../operations/levels.ts'
import { listOne } from '../operations/list-one.ts'
import type { Action } from './action.ts'
import { createDeletionGuard } from '../operations/deletion-guard.ts'
import { execute } from './execute.ts'
import { nameOfFile } from './naming.ts'
import type { RenameOptions } from './options.ts'
import { parseOrder } from './order.ts'
import { removeDirs } from './policies/deletions.ts'
import { keepsDirMetadata } from './dir-metadata.ts'
import { withinDuration } from './duration-limit.ts'
import { createDirTimes, noDirTimes } from './policies/dir-times.ts'
import { taken } from './policies/free-names.ts'
import { createRenamedDirs } from './policies/renamed-dirs.ts'
import type { RenamedDir } from './rename-walk.ts'
import { renameWalk } from './rename-walk.ts'
import { createStage, defaultBacklog, throwGravest } from './run.ts'
import type { TransferFile } from './transfer.ts'
import { createTransferLimit } from './transfer-limit.ts'

/**
 * Gives the files below `place` the names that `nameTransform` makes, within the place and without overwriting anything:
 * a name that is taken is an error, and the rest is done. Directories are renamed by moving what is in them; the old ones
 * stay behind empty unless `deleteEmptySrcDirs` (rclone's surface §1.4, convmv).
 * @throws StorageError the last of the errors that were reported; 'dir-not-found' where the place is missing
 */
export async function renameDir(ctx: Context, place: Location, o: RenameOptions): Promise<void> {
  await renameWith(ctx, place, o, (within, failures) => renamings(within, place, { ...o, failures }))
}

/**
 * Gives one file its new name, as {@link renameDir} does.
 * @param place `file`: its name in the directory `path`
 * @throws StorageError 'not-found', 'is-dir'; 'exists' where the new name is taken
 */
export async function renameFile(
  ctx: Context,
  place: Location & { readonly file: string },
  o: RenameOptions,
): Promise<void> {
  await renameWith(ctx, place, o, (within) => renamingOf(within, place, o))
}

async function renameWith(
  ctx: Context,
  place: Location,
  o: RenameOptions,
  actionsFor: (ctx: Context, failures: Failures) => AsyncIterable<readonly Action[]>,
): Promise<void> {
  const { remote } = place
  const { description } = remote.facts(place.path)
  const used = o.used ?? { bytes: 0, since: undefined }
  await withinDuration(ctx, { ...o, used, description }, async (within) => {
    const failures = createFailures(within)
    const limit = createTransferLimit(o, used)
    const pass = { source: place, dest: place, move: true, failures, limit, replaceNothing: true }
    const stage = createStage(within, pass, createDeletionGuard({}), o)
    const transfer: TransferFile = async (action) => {
      const { source, target } = action
      if (!remote.move && (await remote.stat(target, { signal: within.signal })))
        throw taken(source.path, basename(target))
      return await stage.transfer(action)
    }
    const order = await parseOrder(o.orderBy ?? '', within.limits.transfers.limit)
    const { maxBacklog = defaultBacklog } = o
    const backlog = maxBacklog < 0 ? Infinity : maxBacklog
    const actions = actionsFor(within, failures)
    const duty = { stage: { ...stage, transfer }, gate: o.gate ?? openGate, backlog, order }
    const { transfers } = await execute(within, actions, duty)
    throwGravest(failures)
    if (transfers === 0) within.log.log({ level: 'INFO', text: 'There was nothing to transfer' })
  })
}

async function* renamingOf(
  ctx: Context,
  { remote, path: dir, file }: Location & { readonly file: string },
  o: RenameOptions,
): AsyncGenerator<readonly Action[]> {
  const source = await listOne(ctx, { remote, path: join(dir, file) })
  if (!source) throw new StorageError('not-found', 'object not found', { details: { path: join(dir, file) } })
  if (source.kind === 'dir')
    throw new StorageError('is-dir', 'is a directory not a file', { details: { path: source.path } })
  const target = join(dir, await nameOfFile(ctx, file, o))
  if (target === source.path) return
  const there = await listOne(ctx, { remote, path: target })
  if (there && !isSpelling(target, source.path, remote.facts(dir))) throw taken(source.path, basename(target))
  yield [{ kind: 'transfer', path: file, target, source, dest: undefined }]
}

async function* renamings(
  ctx: Context,
  place: Location,
  o: RenameOptions & { readonly failures: Failures },
): AsyncGenerator<readonly Action[]> {
  const { remote, path: root } = place
  const facts = remote.facts(root)
  const timed = facts.dirTimes && remote.setTimes !== undefined && !o.noUpdateDirModtime
  const metadata = o.metadata === true && keepsDirMetadata(place, place)
  const dirTimes = timed
    ? createDirTimes({ createEmptySrcDirs: o.createEmptySrcDirs === true, metadata, updates: true, unlisted: false })
    : noDirTimes
  const dirs = createRenamedDirs(facts)
  const onDir = (dir: RenamedDir): void => {
    const { source, target, joins } = dir
    dirs.seen(dir)
    if (target !== source.path && !joins) dirTimes.seen({ pair: { kind: 'dir', ...dir }, verdict: 'missing' })
  }
  const noted = (actions: readonly Action[]): readonly Action[] => {
    for (const action of actions) dirTimes.changes(action)
    return actions
  }
  for await (const actions of renameWalk(ctx, place, { ...o, onDir })) yield noted(actions)
  if (o.createEmptySrcDirs) yield noted(dirs.made())
  yield* dirTimes.actions()
  if (o.deleteEmptySrcDirs) {
    yield [{ kind: 'settle' }]
    yield* removeDirs(dirs.left())
  }
  for (const level of deepestFirst(dirs.respelled())) yield [{ kind: 'settle' }, ...level]
}

/** Whether two paths are one where the place ignores upper and lower case, and perhaps the Unicode form. */
function isSpelling(a: Path, b: Path, { caseInsensitive }: { readonly caseInsensitive: boolean }): boolean {
  return caseInsensitive && matchKey(a, { caseInsensitive }) === matchKey(b, { caseInsensitive })
}
