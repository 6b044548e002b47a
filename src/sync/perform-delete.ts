import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { mayBeAlike } from '../core/entry.ts'
import { isStorageError, StorageError } from '../core/errors.ts'
import { relative } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { asCheck } from '../operations/as-check.ts'
import type { Time } from '../core/time.ts'
import { within } from '../core/time.ts'
import type { Delete, DeleteSource } from './action.ts'
import { isOneFile } from './overlap.ts'
import type { Performer, Stage } from './stage.ts'

/** A file of the destination goes, or into the backup directory. */
export const deleteFile: Performer<Delete> = {
  failure: "Couldn't delete",
  step: ({ path, dest }, { backup }) => ({
    action: backup ? 'move into backup dir' : 'delete',
    object: path,
    size: dest.size,
  }),
  allowed: ({ dest }, { deletions }) => deletions.allow(dest.size),
  async run(ctx, { dest: { remote }, backup }, { path, target, dest }) {
    try {
      await (backup ? backup.keep(dest, path) : remote.remove(target, { signal: ctx.signal, expect: dest }))
    } catch (error) {
      // It is gone already, as when a link took its place, or a transfer went on with what an earlier run had left
      if (!isStorageError(error, 'not-found')) throw error
      if (backup) return
    }
    const text = backup ? 'Moved into backup dir' : 'Deleted'
    ctx.log.log({ level: 'INFO', object: path, text, size: dest.size })
  },
  done(ctx, _, { path, dest }) {
    ctx.report({ type: 'deleted', path, size: dest.size })
  },
}

/** The source of a move goes: the destination has the same. */
export const deleteSource: Performer<DeleteSource> = {
  failure: "Couldn't delete",
  step: ({ path, source }) => ({ action: 'delete', object: path, size: source.size }),
  allowed: ({ source }, { deletions }) => deletions.allow(source.size),
  async run(ctx, stage, change) {
    if (areOne(stage, change)) {
      const text = 'Not removing source file as it is the same file as the destination'
      ctx.log.log({ level: 'NOTICE', object: change.path, text })
      return
    }
    await deleteUnchanged(ctx, stage, change, () => requireArrived(ctx, stage.dest.remote, change.dest))
    ctx.log.log({ level: 'INFO', object: change.path, text: 'Deleted', size: change.source.size })
  },
  done(ctx, stage, change) {
    if (!areOne(stage, change)) ctx.report({ type: 'deleted', path: change.path, size: change.source.size })
  },
  after: ({ dest: entry }, { dest }) => ({
    path: relative(entry.path, dest.path),
    entry,
    remote: dest.remote,
  }),
}

/** Deletes the source of a file that has arrived. A failure is reported, not thrown: the file itself is where it should be. */
export async function removeSource(
  ctx: Context,
  stage: Stage,
  { path, source, dest }: Omit<DeleteSource, 'kind'>,
): Promise<void> {
  await asCheck(ctx, path, async () => {
    try {
      if (!stage.deletions.allow(source.size)) return
      await deleteUnchanged(ctx, stage, { source, dest })
      ctx.log.log({ level: 'INFO', object: path, text: 'Deleted', size: source.size })
      ctx.report({ type: 'deleted', path, size: source.size })
    } catch (error) {
      stage.failures.add(path, "Couldn't delete", error)
    }
  })
}

function areOne({ source, dest }: Stage, change: DeleteSource): boolean {
  return isOneFile({ remote: source.remote, entry: change.source }, { remote: dest.remote, entry: change.dest })
}

/** A listing may be old: what stood for the source then must still be there. */
async function requireArrived({ signal }: Context, remote: Remote, listed: FileEntry): Promise<void> {
  const { path, modified } = listed
  const now = await remote.stat(path, { signal })
  const { timePrecision } = remote.facts(path)
  const isListed = (time: Time): boolean => timePrecision === undefined || within(time, modified, timePrecision)
  if (now?.kind === 'file' && mayBeAlike(now, listed) && isListed(now.modified)) return
  const details = { path, hint: 'Run it again: it is compared anew.' }
  throw new StorageError('changed', 'the destination has changed since it was listed', { details })
}

/**
 * What was written to the file after it was read must not go with it.
 * @param check done at the last moment
 */
async function deleteUnchanged(
  ctx: Context,
  { source: { remote }, dest }: Stage,
  { source: entry, dest: arrived }: Pick<DeleteSource, 'source' | 'dest'>,
  check: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const now = await remote.stat(entry.path, { signal: ctx.signal })
  if (now?.kind === 'file' && (!mayBeAlike(now, entry) || now.modified !== entry.modified))
    throw new StorageError('changed', 'the source has changed since it was copied', { details: { path: entry.path } })
  if (now?.kind === 'file' && isOneFile({ remote, entry: now }, { remote: dest.remote, entry: arrived }))
    throw new StorageError('unsupported', 'source and destination are one file', { details: { path: entry.path } })
  await check()
  await remote.remove(entry.path, { signal: ctx.signal, expect: entry })
}
