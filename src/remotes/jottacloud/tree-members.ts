import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import { explained } from './account-problem.ts'
import { copy } from './copy.ts'
import type { Drive } from './drive.ts'
import { temporaryKind } from './leftovers.ts'
import { createLinks } from './links.ts'
import { listAll } from './list-all.ts'
import { list } from './list.ts'
import { mkdir } from './mkdir.ts'
import { moveDir } from './move-dir.ts'
import { setMetadata } from './metadata.ts'
import { move } from './move.ts'
import { open } from './open.ts'
import type { JottacloudValues } from './options.ts'
import type { InOurSpelling } from './our-spelling.ts'
import { createRespelling } from './our-spelling.ts'
import type { Recovery } from './recover.ts'
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
  const recovery = createRecovery(drive)
  const reading: Pick<Remote, 'list' | 'stat' | 'open'> = {
    list: (dir, options) => list(drive, dir, options),
    stat: (path, options) => stat(drive, path, options),
    open: (path, options) => open(drive, path, options),
  }
  if (trashedOnly) return { ...reading, ...trashedOnlyMembers(drive) }
  return {
    ...reading,
    listAll: (dir, options) => listAll(drive, dir, options),
    ...changingMembers(drive, recovery),
    links: createLinks(drive),
    close: () => recovery.finish(),
  }
}

type Changing =
  | 'write'
  | 'remove'
  | 'mkdir'
  | 'rmdir'
  | 'copy'
  | 'move'
  | 'moveDir'
  | 'purge'
  | 'setTimes'
  | 'setMetadata'

/** Before something is changed in a directory, what a crash has left in it is brought to its end. */
function changingMembers(drive: Drive, recovery: Recovery): Required<Pick<Remote, Changing>> {
  const inOurSpelling = createRespelling(drive)
  const change: InOurSpelling = (path, options, run) =>
    explained(drive, options, () => inOurSpelling(path, options, run))
  return {
    async write(path, source, options) {
      await recovery.before(parent(path), options)
      return change(path, options, () => write(drive, path, source, options))
    },
    async remove(path, options) {
      await recovery.before(parent(path), options)
      if (await isServed(drive, path)) return
      await explained(drive, options, () => remove(drive, path, options))
    },
    mkdir: (dir, options) => change(dir, options, () => mkdir(drive, dir, options)),
    async rmdir(dir, options) {
      await recovery.before(dir, options)
      if (await isServed(drive, dir)) return
      const temporary = temporaryKind(dir) !== undefined
      const place = temporary ? { ...drive, hardDelete: true } : drive
      await explained(drive, options, () => rmdir(place, dir, options))
      if (temporary) drive.leftovers.forget(dir)
    },
    async copy(from, to, options) {
      await recovery.before(parent(to), options)
      return change(to, options, () => copy(drive, from, to, options))
    },
    async move(from, to, options) {
      await recovery.before(parent(from), options)
      await recovery.before(parent(to), options)
      return change(to, options, () => move(drive, from, to, options))
    },
    async moveDir(from, to, options) {
      await recovery.before(parent(from), options)
      await recovery.before(parent(to), options)
      if (await isServed(drive, from)) return
      await change(to, options, () => moveDir(drive, from, to, options))
    },
    purge: (dir, options) => explained(drive, options, () => purge(drive, dir, options)),
    async setTimes(entry, times, options) {
      await recovery.before(parent(entry.path), options)
      await change(entry.path, options, () => setTimes(drive, entry, times, options))
    },
    async setMetadata(entry, metadata, options) {
      await recovery.before(parent(entry.path), options)
      await change(entry.path, options, () => setMetadata(drive, entry, metadata, options))
    },
  }
}

/**
 * A temporary directory, or what lay in one, is no longer there after the recovery, or is in use and will go: whoever wanted it
 * removed, or called otherwise, is served.
 */
async function isServed(drive: Drive, path: Path): Promise<boolean> {
  for (let above = path; above !== ''; above = parent(above)) {
    if (temporaryKind(above) === undefined) continue
    return drive.leftovers.isBusy(above) || (await stat(drive, path)) === undefined
  }
  return false
}
