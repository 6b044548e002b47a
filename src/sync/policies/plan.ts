import type { Context, Found } from '../../core/context.ts'
import { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { basename, join, parent, relative } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import type { Failures } from '../../operations/failures.ts'
import { deepestFirst } from '../../operations/levels.ts'
import type { Action, Change, RenameDir, Transfer } from '../action.ts'
import type { DirPair, Judged, Verdict } from '../pair.ts'
import type { BackupName } from './backup-clash.ts'
import { backupClashes } from './backup-clash.ts'
import type { Caution, DeletionDuty } from './deletions.ts'
import { deleteDirs, deleteFiles, deleteSourceDirs, setApart, withheld } from './deletions.ts'
import type { DirTimes } from './dir-times.ts'
import type { FileActionOptions } from './file-actions.ts'
import { fileActions, noChanges } from './file-actions.ts'
import type { Renames } from './renames.ts'
import type { Survey } from './survey.ts'
import type { Telling } from './tell-outcome.ts'
import { tellOutcome } from './tell-outcome.ts'

/** What a run is to do about what was found. */
export interface PlanOptions extends FileActionOptions, Telling {
  /** Directories of the source that are empty afterwards go. */
  readonly emptySrcDirs: Caution | undefined
  /** Nothing but deletions: the first pass of `--delete-before`. */
  readonly transfersNothing: boolean
  /** What only the destination has and was told of, in this pass or one before. */
  readonly toldOf: Set<Path> | undefined
  /** Transfers are held back until all is compared. */
  readonly checkFirst: boolean
  readonly deletion: DeletionDuty | undefined
  readonly renames: Renames | undefined
  readonly dirTimes: DirTimes
  readonly survey: Survey
  readonly failures: Failures
  /** Of a move, where what is replaced is put away beside itself. */
  readonly backupName: BackupName | undefined
  /** Waits for who is told of outcomes. */
  readonly outcomesTaken: (() => Promise<void> | undefined) | undefined
}

/**
 * Turns what was judged into actions, for copy, move and sync: transfers as they come, then renamings, deletions,
 * directories that go, and at last the times of directories (rclone's surface §5.2, §5.3).
 */
export async function* plan(
  ctx: Context,
  judged: AsyncIterable<readonly Judged[]>,
  o: PlanOptions,
): AsyncGenerator<readonly Action[]> {
  const held: Transfer[] = []
  const waiting: Transfer[] = []
  const respelled: RespelledDir[] = []
  say(ctx, o, 'Running all checks before starting transfers')
  for await (const page of judged) {
    const [times, actions]: [Action[], Action[]] = [[], []]
    const clashes = o.backupName && backupClashes(page, o.dest, o.backupName)
    for (const one of page) {
      times.push(...(o.transfersNothing ? [] : o.dirTimes.seen(one)))
      o.survey.seen(one)
      const { pair } = one
      if (o.fixCase && pair.kind === 'dir' && isRespelled(pair)) respelled.push(pair)
      const skips = o.transfersNothing && one.verdict !== 'extra'
      for (const action of skips ? noChanges : actionsFor(ctx, one, o, clashes)) {
        if (action.kind === 'transfer' && o.renames?.holds(action)) held.push(action)
        else if (action.kind === 'transfer' && o.checkFirst) waiting.push(action)
        else actions.push(action)
      }
    }
    // Each is waited for: begun before the files, they come first whatever is slow
    if (times.length + actions.length > 0) yield noted([...times, ...actions], o)
    await o.outcomesTaken?.()
  }
  if (!o.transfersNothing)
    yield noted(
      o.survey.missingDirs().filter((action) => canBeNamed(action, o)),
      o,
    )
  say(ctx, o, 'Checks finished, now starting transfers')
  if (waiting.length > 0) yield noted(waiting, o)
  let extras = o.survey.extraFiles
  // To rename is to delete the old name
  if (o.deletion && withheld(o.deletion)) yield noted(held, o)
  else if (o.renames) {
    // What was fetched in part becomes a file by being whole, and gets its time then
    const { partials, others } = setApart(extras, o.deletion)
    const found = await o.renames.find(held, others)
    yield noted([...found.renames, ...found.transfers], o)
    extras = [...found.extras, ...partials]
  }
  yield* endings(ctx, { extras, respelled }, o)
}

async function* endings(
  ctx: Context,
  { extras, respelled }: { readonly extras: Survey['extraFiles']; readonly respelled: readonly RespelledDir[] },
  o: PlanOptions,
): AsyncGenerator<readonly Action[]> {
  if (o.deletion) {
    for await (const actions of deleteFiles(ctx, { survey: o.survey, extras }, o.deletion)) yield noted(actions, o)
    for (const actions of deleteDirs(ctx, o.survey.extraDirs, o.deletion)) yield noted(actions, o)
  }
  const renames = respelled.map(renameDir)
  noted(renames, o)
  yield* o.dirTimes.actions()
  if (o.emptySrcDirs) yield* deleteSourceDirs(ctx, o.survey.sourceDirs, o.emptySrcDirs)
  for (const level of deepestFirst(renames)) yield [{ kind: 'settle' }, ...level]
}

/** Tells who follows the times of directories of what will change. */
function noted<A extends Action>(actions: readonly A[], o: PlanOptions): readonly A[] {
  for (const action of actions) o.dirTimes.changes(action)
  return actions
}

function actionsFor(
  ctx: Context,
  judged: Judged,
  o: PlanOptions,
  clashes: ReturnType<typeof backupClashes> | undefined,
): readonly Change[] {
  const { pair, verdict } = judged
  if (pair.kind === 'dir') {
    const { wanted, source, dest } = pair
    if (dest && (source || !o.deletion))
      o.onOutcome?.({ kind: 'after', path: wanted, entry: dest, remote: o.dest.remote })
    return noChanges
  }
  if (verdict !== 'extra' || !o.toldOf?.has(pair.path)) {
    ctx.report({ type: 'found', what: found[verdict], path: pair.path, size: (pair.source ?? pair.dest)?.size })
    tellOutcome(pair, judged, o)
  }
  if (verdict === 'extra') o.toldOf?.add(pair.path)
  if (verdict === 'immutable') refuse(pair, o.failures)
  const clash = clashes?.get(pair)
  if (clash) o.failures.add(pair.path, 'Failed to copy', clash)
  const actions = clash ? noChanges : nameable(fileActions(pair, judged, o), o)
  const stays = actions.length === 0 && !(verdict === 'extra' && o.deletion)
  if (stays && pair.dest && o.onOutcome) {
    const path = relative(pair.dest.path, o.dest.path)
    o.onOutcome({ kind: 'after', path, entry: pair.dest, remote: o.dest.remote })
  }
  return actions
}

/** A name that the destination cannot take is found out before anything is sent, and in a dry run too. */
function nameable(actions: readonly Change[], o: PlanOptions): readonly Change[] {
  return actions.length === 0 ? noChanges : actions.filter((action) => canBeNamed(action, o))
}

const found: Readonly<Record<Verdict, Found>> = {
  missing: 'new',
  extra: 'extra',
  same: 'same',
  time: 'same',
  keep: 'same',
  elsewhere: 'same',
  different: 'changed',
  immutable: 'changed',
}

function canBeNamed(action: Change, { dest: { remote }, failures }: PlanOptions): boolean {
  const isNew = action.kind === 'transfer' || action.kind === 'make-dir'
  const error = isNew ? nameError(remote, action) : undefined
  if (error)
    failures.add(action.path, action.kind === 'transfer' ? 'Failed to copy' : 'Failed to make directory', error)
  return error === undefined
}

/** Why nothing at `target` can have its name; undefined where it may. */
export function nameError(
  remote: Remote,
  { path, target }: { readonly path: Path; readonly target: Path },
): StorageError | undefined {
  const problem = remote.nameProblem?.(target)
  return problem === undefined
    ? undefined
    : new StorageError('invalid-name', problem, { retry: 'never', details: { path } })
}

function refuse({ path, wanted }: Pick<DirPair, 'path' | 'wanted'>, failures: Failures): void {
  const error = new StorageError('immutable', 'immutable file modified', { retry: 'never', details: { path } })
  failures.add(path, 'Source and destination exist but do not match', error, wanted)
}

type RespelledDir = DirPair & { readonly dest: NonNullable<DirPair['dest']> }

function isRespelled(pair: DirPair): pair is RespelledDir {
  return pair.source !== undefined && pair.dest !== undefined && basename(pair.dest.path) !== basename(pair.wanted)
}

function renameDir({ wanted: path, dest }: RespelledDir): RenameDir {
  const [name, now] = [basename(path), basename(dest.path)]
  return { kind: 'rename-dir', path, from: join(parent(path), now), dest, target: join(parent(dest.path), name) }
}

function say(ctx: Context, { checkFirst, dest: { remote, path } }: PlanOptions, text: string): void {
  if (checkFirst) ctx.log.log({ level: 'INFO', object: remote.facts(path).description, text })
}
