import { parent } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import { copy } from './copy.ts'
import type { Drive } from './drive.ts'
import { temporaryKind } from './leftovers.ts'
import { createLinks } from './links.ts'
import { listAll } from './list-all.ts'
import { list } from './list.ts'
import { mkdir } from './mkdir.ts'
import { moveDir } from './move-dir.ts'
import { move } from './move.ts'
import { open } from './open.ts'
import type { JottacloudValues } from './options.ts'
import type { Recover } from './recover.ts'
import { createRecovery } from './recover.ts'
import { remove } from './remove.ts'
import { purge, rmdir } from './rmdir.ts'
import { stat } from './stat.ts'
import { setTimes } from './times.ts'
import { trashedOnlyMembers } from './trashed-only.ts'
import { write } from './write.ts'

/** What can be done with the files of a mountpoint, each operation in its own file. */
export function treeMembers(
  drive: Drive,
  { trashedOnly }: Pick<JottacloudValues, 'trashedOnly'>,
): Omit<Remote, 'name' | 'type' | 'facts' | 'identity'> {
  const reading: Pick<Remote, 'list' | 'stat' | 'open'> = {
    list: (dir, options) => list(drive, dir, options),
    stat: (path, options) => stat(drive, path, options),
    open: (path, options) => open(drive, path, options),
  }
  if (trashedOnly) return { ...reading, ...trashedOnlyMembers(drive) }
  return {
    ...reading,
    listAll: (dir, options) => listAll(drive, dir, options),
    ...changingMembers(drive, createRecovery(drive)),
    links: createLinks(drive),
  }
}

type Changing = 'write' | 'remove' | 'mkdir' | 'rmdir' | 'copy' | 'move' | 'moveDir' | 'purge' | 'setTimes'

/** Before something is changed in a directory, what a crash has left in it is brought to its end. */
function changingMembers(drive: Drive, recover: Recover): Required<Pick<Remote, Changing>> {
  return {
    async write(path, source, options) {
      await recover(parent(path), options)
      return write(drive, path, source, options)
    },
    async remove(path, options) {
      await recover(parent(path), options)
      if (await isGone(drive, path)) return
      await remove(drive, path, options)
    },
    mkdir: (dir, options) => mkdir(drive, dir, options),
    async rmdir(dir, options) {
      await recover(dir, options)
      if (await isGone(drive, dir)) return
      await rmdir(drive, dir, options)
    },
    async copy(from, to, options) {
      await recover(parent(to), options)
      return copy(drive, from, to, options)
    },
    async move(from, to, options) {
      await recover(parent(from), options)
      await recover(parent(to), options)
      return move(drive, from, to, options)
    },
    moveDir: (from, to, options) => moveDir(drive, from, to, options),
    purge: (dir, options) => purge(drive, dir, options),
    async setTimes(entry, times, options) {
      await recover(parent(entry.path), options)
      await setTimes(drive, entry, times, options)
    },
  }
}

/** A temporary directory, or what lay in one, is no longer there after the recovery: whoever wanted it removed is served. */
async function isGone(drive: Drive, path: string): Promise<boolean> {
  const temporary = path.split('/').some((name) => temporaryKind(name) !== undefined)
  return temporary && (await stat(drive, path)) === undefined
}
