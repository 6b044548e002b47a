import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import { formatRfc3339 } from '../core/time.ts'
import type { MakeDir, RemoveDir, RenameDir, SetDirTime } from './action.ts'
import type { Performer } from './stage.ts'

/** A directory is made that may have nothing in it. */
export const makeDir: Performer<MakeDir> = {
  failure: 'Failed to make directory',
  step: ({ path }) => ({ action: 'make directory', object: path }),
  async run(ctx, { dest: { remote } }, change) {
    await remote.mkdir(change.target, { signal: ctx.signal })
    ctx.log.log({ level: 'INFO', object: change.path, text: madeText(change, remote.facts(change.target).dirTimes) })
  },
}

/** A directory gets the time of its source. */
export const setDirTime: Performer<SetDirTime> = {
  failure: 'Failed to update directory timestamp or metadata',
  step: ({ path, size }) => ({ action: 'set directory modification time', object: path, size }),
  async run(ctx, { dest: { remote } }, { path, target, modified, known }) {
    if (!remote.setTimes) throw new StorageError('unsupported', `${remote.name} cannot set times`)
    try {
      await remote.setTimes({ kind: 'dir', path: target }, { modified }, { signal: ctx.signal })
    } catch (error) {
      // Where the destination was not listed, it may not be there
      if (known || !isStorageError(error, 'dir-not-found', 'not-found')) throw error
      return
    }
    const how = known ? 'SetModTime' : 'DirSetModTime'
    ctx.log.log({ level: 'INFO', object: path, text: `Set directory modification time (using ${how})` })
  },
}

/** A directory goes if it is empty; one that is not stays, without a word (rclone's surface §5.2). */
export const removeDir: Performer<RemoveDir> = {
  failure: 'Failed to remove directory',
  step: ({ path }) => ({ action: 'remove directory', object: path }),
  async run(ctx, stage, { side, path, dir }) {
    ctx.log.log({ level: 'INFO', object: path, text: 'Removing directory' })
    try {
      await stage[side].remote.rmdir(dir, { signal: ctx.signal })
    } catch (error) {
      if (!isStorageError(error, 'not-empty', 'dir-not-found')) throw error
      ctx.log.log({ level: 'DEBUG', object: path, text: `Failed to Rmdir: ${messageOf(error)}` })
    }
  },
  done(ctx, _, { path }) {
    ctx.report({ type: 'dir-deleted', path })
  },
}

/** A directory of the destination gets the source's upper and lower case. */
export const renameDir: Performer<RenameDir> = {
  failure: 'Failed to rename directory',
  step: ({ path, from }) => ({ action: `move to ${path}`, object: from }),
  async run(ctx, { dest: { remote } }, { path, from, dest, target }) {
    if (!remote.moveDir) throw new StorageError('unsupported', `${remote.name} cannot rename directories`)
    await remote.moveDir(dest.path, target, { signal: ctx.signal })
    ctx.log.log({ level: 'INFO', object: from, text: `Fixed case by renaming to: ${path}` })
  },
}

/** The time is set when all else is done; the line speaks of it as rclone's does. */
function madeText({ source }: MakeDir, dirTimes: boolean): string {
  if (!dirTimes || source.modified === undefined) return 'Making directory'
  const time = formatRfc3339(source.modified, 9).replace(/0+Z$/, 'Z').replace('.Z', 'Z')
  return `Made directory with metadata (mtime=${time})`
}
