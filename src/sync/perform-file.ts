import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { mayBeAlike } from '../core/entry.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { parent, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Rename, SetTime, Transfer } from './action.ts'
import { asCheck } from '../operations/as-check.ts'
import type { After } from './outcome.ts'
import { removeSource } from './perform-delete.ts'
import { reaches } from './server-side.ts'
import type { Performer, Stage } from './stage.ts'
import type { Transferred } from './transfer.ts'
import { refuseLinks } from './unseen.ts'

/** A file is copied or moved. */
export const transfer: Performer<Transfer> = {
  failure: 'Failed to copy',
  step({ path, target, source, dest: replaced, respell }, { move, dest, backup }) {
    const name = relative(target, dest.path)
    const action = move ? `move${name === path ? '' : ` to ${name}`}` : 'copy'
    const first = replaced && backup?.step(replaced, relative(respell ?? replaced.path, dest.path))
    return { action, object: path, size: source.size, first }
  },
  allowed: (change, stage) => !deletesReplaced(change, stage) || stage.deletions.allow(change.dest?.size),
  async run(ctx, stage, change) {
    const ready = await makeRoom(ctx, stage, change)
    const done = await stage.transfer(ready)
    if (done.how === 'server-move' && ready.dest) await tellReplaced(ctx, stage, ready.dest)
    const text = transferText(done, { ...ready, root: stage.dest.path })
    ctx.log.log({ level: 'INFO', object: change.path, text, size: change.source.size })
    if (stage.move && !change.keepSource && done.how !== 'server-move')
      await removeSource(ctx, stage, { ...change, dest: done.entry })
  },
  done(ctx, { move }, { path }) {
    if (move) ctx.report({ type: 'renamed', path })
  },
  after: asInSource,
}

/** The content is there: its time is set, and its case where that was asked for. */
export const setTime: Performer<SetTime> = {
  failure: 'Failed to set modification time',
  step: ({ path, source }) => ({ action: 'update modification time', object: path, size: source.size }),
  async run(ctx, stage, change) {
    const { path, source } = change
    const entry = await respelled(ctx, stage, change)
    await setModified(ctx, stage.dest, entry, source)
    ctx.log.log({ level: 'INFO', object: path, text: 'Updated modification time in destination' })
  },
  after: ({ target, source, dest: entry }, { dest }) => ({
    path: relative(target, dest.path),
    entry: { ...entry, modified: source.modified },
    remote: dest.remote,
  }),
}

/** A file of the destination gets the name of the source's. What cannot be renamed is transferred. */
export const rename: Performer<Rename> = {
  failure: 'Failed to rename',
  step: ({ target, from, dest }, stage) => ({
    action: `move to ${relative(target, stage.dest.path)}`,
    object: from,
    size: dest.size,
  }),
  async run(ctx, stage, change) {
    const { path, from, source, target, dest, reason } = change
    if (reason === 'case') {
      await respelled(ctx, stage, { ...change, respell: target })
      return
    }
    try {
      await refuseLinks(ctx, stage.dest, parent(target))
      const metadata = stage.carrier?.changes ? await stage.carrier.ofOriginal(source) : undefined
      const moved = await moveWithin(ctx, stage.dest, { entry: dest, from, to: target, replaceNothing: true })
      if (metadata) await stage.dest.remote.setMetadata?.(moved, metadata, { signal: ctx.signal })
      ctx.log.log({ level: 'INFO', object: path, text: `Renamed from "${from}"` })
      ctx.report({ type: 'renamed', path })
    } catch (error) {
      ctx.signal.throwIfAborted()
      ctx.log.log({ level: 'NOTICE', object: path, text: `Transferred, for renaming failed: ${messageOf(error)}` })
      await transfer.run(ctx, stage, { kind: 'transfer', path, target, source, dest: undefined })
    }
  },
  after: asInSource,
}

function asInSource({ target, source: entry }: Transfer | Rename, { source, dest }: Stage): After {
  return { path: relative(target, dest.path), entry, remote: source.remote }
}

/** What is overwritten gets the right case first, or goes into the backup. */
async function makeRoom(ctx: Context, stage: Stage, change: Transfer): Promise<Transfer> {
  const { dest } = change
  if (!dest) return change
  if (stage.backup) {
    await stage.backup.keep(dest, relative(change.respell ?? dest.path, stage.dest.path)).catch((error: unknown) => {
      // It is gone already
      if (!isStorageError(error, 'not-found')) throw error
    })
    return { ...change, target: change.spelled ?? change.target, dest: undefined, respell: undefined }
  }
  if (change.respell === undefined) return change
  const entry = await respelled(ctx, stage, { ...change, dest })
  return { ...change, target: entry.path, dest: entry, respell: undefined }
}

/** Whether a file that is replaced counts as deleted: where a server moves another one over it (rclone 1.76). */
function deletesReplaced({ source: from, dest: replaced, keepSource, twin }: Transfer, stage: Stage): boolean {
  const { source, dest, move, backup } = stage
  if (!move || keepSource || twin || !replaced || backup) return false
  return dest.remote.move !== undefined && reaches({ remote: source.remote, path: from.path }, dest.remote)
}

/** What a move on the server has replaced is gone, unless the remote has a place for such things; rclone deletes it. */
async function tellReplaced(ctx: Context, { dest: { remote, path: root } }: Stage, entry: FileEntry): Promise<void> {
  if (remote.cleanUp) return
  const path = relative(entry.path, root)
  await asCheck(ctx, path, () => Promise.resolve())
  ctx.log.log({ level: 'INFO', object: path, text: 'Deleted', size: entry.size })
  ctx.report({ type: 'deleted', path, size: entry.size })
}

async function respelled(
  ctx: Context,
  stage: Stage,
  { dest, respell }: { readonly dest: FileEntry; readonly respell?: Path | undefined },
): Promise<FileEntry> {
  if (respell === undefined) return dest
  const [from, to] = [relative(dest.path, stage.dest.path), relative(respell, stage.dest.path)]
  const entry = await moveWithin(ctx, stage.dest, { entry: dest, from, to: respell })
  ctx.log.log({ level: 'INFO', object: from, text: `Fixed case by renaming to: ${to}` })
  return entry
}

async function moveWithin(
  ctx: Context,
  { remote, path: root }: Location,
  {
    entry,
    from,
    to,
    replaceNothing,
  }: { readonly entry: FileEntry; readonly from: Path; readonly to: Path; readonly replaceNothing?: boolean },
): Promise<FileEntry> {
  if (!remote.move) throw new StorageError('unsupported', `${remote.name} cannot rename files`)
  const moved = await remote.move(entry.path, to, { replaceNothing, signal: ctx.signal })
  ctx.log.log({ level: 'INFO', object: from, text: `Moved (server-side) to: ${relative(to, root)}`, size: entry.size })
  ctx.report({ type: 'server-side-move', path: from, size: entry.size ?? 0 })
  return moved
}

/** What somebody has written meanwhile on a disk would pass for the source's content; a service looks by itself. */
async function setModified(
  { signal }: Context,
  { remote }: Location,
  entry: FileEntry,
  { modified }: FileEntry,
): Promise<void> {
  if (entry.modified === modified) return
  const now = remote.type === 'local' ? await remote.stat(entry.path, { signal }) : entry
  if (now?.kind === 'file' && !(mayBeAlike(now, entry) && now.modified === entry.modified)) {
    const details = { path: entry.path, hint: 'Run it again: it is compared anew.' }
    throw new StorageError('changed', 'the file has changed since it was compared', { details })
  }
  if (!remote.setTimes) throw new StorageError('unsupported', `${remote.name} cannot set times`)
  await remote.setTimes(entry, { modified }, { signal })
}

function transferText({ how }: Transferred, { path, target, dest, root }: Transfer & { readonly root: Path }): string {
  const shown = relative(target, root)
  const to = shown === path ? '' : ` to: ${shown}`
  if (how === 'server-move') return `Moved (server-side)${to}`
  if (how === 'server-copy') return `Copied (server-side copy)${to}`
  const manner = how === 'parts' ? 'Multi-thread ' : ''
  return `${manner}${dest ? 'Copied (replaced existing)' : 'Copied (new)'}${to}`
}
