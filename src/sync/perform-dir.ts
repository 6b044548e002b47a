import { isStorageError, messageOf, StorageError } from '../core/errors.ts'
import type { Time } from '../core/time.ts'
import { formatShortest } from '../core/time.ts'
import type { MakeDir, RemoveDir, RenameDir, SetDirTime } from './action.ts'
import type { Performer } from './stage.ts'
import { refuseLinks } from './unseen.ts'

/** A directory is made that may have nothing in it. */
export const makeDir: Performer<MakeDir> = {
  failure: 'Failed to make directory',
  step: ({ path }, { dirMetadata }) => ({ action: dirMetadata ? setsMetadata : 'make directory', object: path }),
  async run(ctx, { source: { remote: from }, dest, dirMetadata }, change) {
    const { path, target, source } = change
    const { remote } = dest
    await refuseLinks(ctx, dest, target)
    await remote.mkdir(target, { signal: ctx.signal })
    const { modified } = source
    if (dirMetadata) await dirMetadata.set({ from: source.path, target, modified }, { early: true })
    const text = dirMetadata ? metadataSet : madeText(modified, from.type, remote.facts(target).dirTimes)
    ctx.log.log({ level: 'INFO', object: path, text })
  },
}

/** A directory gets the time or the metadata of its source. */
export const setDirTime: Performer<SetDirTime> = {
  failure: 'Failed to update directory timestamp or metadata',
  step: ({ path, size, told }) => ({
    action: told === 'metadata' ? setsMetadata : 'set directory modification time',
    object: path,
    size,
  }),
  async run(ctx, { dest, dirMetadata }, change) {
    const { path, target, modified, known, early, told } = change
    const { remote } = dest
    await refuseLinks(ctx, dest, target)
    try {
      if (dirMetadata) await dirMetadata.set(change, { early })
      else if (remote.setTimes)
        await remote.setTimes({ kind: 'dir', path: target }, { modified }, { signal: ctx.signal })
      else throw new StorageError('unsupported', `${remote.name} cannot set times`)
    } catch (error) {
      // A file has the name: what that has kept from being copied was reported
      if (isStorageError(error, 'dir-not-found') || (!known && isStorageError(error, 'not-found'))) return
      throw error
    }
    const how = known ? 'SetModTime' : 'DirSetModTime'
    const text = told === 'metadata' ? metadataSet : `Set directory modification time (using ${how})`
    if (told !== 'nothing') ctx.log.log({ level: 'INFO', object: path, text })
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

const setsMetadata = 'update directory metadata'
const metadataSet = 'Updated directory metadata'

/** The time is set when all else is done; the line speaks of it as rclone's does. */
function madeText(modified: Time | undefined, sourceType: string, dirTimes: boolean): string {
  if (!dirTimes || modified === undefined) return 'Making directory'
  return `Made directory with metadata (mtime=${formatShortest(modified, sourceType === 'local' ? 'local' : 'UTC')})`
}
