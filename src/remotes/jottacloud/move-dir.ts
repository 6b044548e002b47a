import type { Entry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import { isWithin, join, relative } from '../../core/path.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import { mapConcurrent } from '../../util/async.ts'
import type { Drive } from './drive.ts'
import { inTheWay } from './in-the-way.ts'
import { list, noSuchDir } from './list.ts'
import { mkdir } from './mkdir.ts'
import { makeParent, move } from './move.ts'
import { refusal } from './refusal.ts'
import { respell } from './respell.ts'
import { rmdir } from './rmdir.ts'
import { isSameFile, isSameItem } from './same-file.ts'
import { settleSpelling } from './settle.ts'
import { lookUp } from './stat.ts'

const operation = 'move'

/**
 * Renames a directory with all in it (docs/protocol.md §4.14, mvDir). Where one of the new name is in the trash, which the service
 * might replace for good, it is brought back empty and what is in the old one moves over piece by piece.
 * @throws StorageError 'dir-not-found', 'exists', 'invalid-argument' for a place inside itself; effect 'unknown' where the answer
 * was lost
 */
export async function moveDir(drive: Drive, from: Path, to: Path, options: CallOptions = {}): Promise<void> {
  const source = await lookUp(drive, from, options)
  if (source?.kind !== 'dir' || source.deleted) throw noSuchDir(drive, from, operation)
  await settleSpelling(drive, to, options)
  if (!isSameFile(drive, from, to) && isWithin(to.toLowerCase(), from.toLowerCase())) {
    throw refusal('invalid-argument', `${to} is inside of it`, { drive, operation, path: from })
  }
  const target = await lookUp(drive, to, options)
  if (target && isSameItem(drive, { path: from, item: source }, { path: to, item: target })) {
    if (from !== to) await respell(drive, { from, to, kind: 'dir' }, options)
    return
  }
  if (target && !target.deleted && (target.kind === 'dir' || target.current)) throw exists(drive, to)
  if (target?.kind === 'dir') return moveContent(drive, from, to, options)
  await makeParent(drive, to, options)
  await rename(drive, from, to, options)
}

async function moveContent(drive: Drive, from: Path, to: Path, options: CallOptions): Promise<void> {
  try {
    await mkdir(drive, to, options)
  } catch (error) {
    throw (await inTheWay(drive, to, operation, options)) ?? error
  }
  const entries: Entry[] = []
  for await (const page of list(drive, from, options)) entries.push(...page)
  await mapConcurrent(entries, 4, async ({ kind, path }) => {
    const moved = join(to, relative(path, from))
    if (kind === 'dir') await moveDir(drive, path, moved, options)
    else await move(drive, path, moved, options)
  })
  await rmdir(drive, from, options)
}

/** With a slash first, as rclone does it: some servers want it, and some refuse it. */
async function rename(drive: Drive, from: Path, to: Path, options: CallOptions): Promise<void> {
  const [stored, target] = [drive.spellings.stored(from), drive.spellings.stored(to)]
  const call = { operation, path: from, stored, target, repeatable: false, signal: options.signal }
  for (const slash of [true, false]) {
    try {
      const response = await drive.jfs.transfer({ ...call, verb: 'mvDir', slash, missing: 'dir-not-found' })
      await response.discard()
      drive.spellings.moved(from, to)
      return
    } catch (error) {
      if (!isStorageError(error) || error.details.status === undefined || error.retry !== 'no') throw error
      const [before, after] = [await lookUp(drive, from, options), await lookUp(drive, to, options)]
      const isThere = before?.kind === 'dir' && !before.deleted
      if (!isThere && after?.kind === 'dir' && !after.deleted) return // an earlier attempt did it
      if (isThere && slash && error.code === 'dir-not-found') continue
      if (after && !after.deleted) throw exists(drive, to)
      throw (await inTheWay(drive, to, operation, options)) ?? error
    }
  }
}

function exists(drive: Drive, path: Path): Error {
  return refusal('exists', 'there is something of this name', { drive, operation, path })
}
