import type { FileEntry } from '../../core/entry.ts'
import type { StorageError } from '../../core/errors.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { parent } from '../../core/path.ts'
import type { MoveCallOptions } from '../../core/remote.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { WireDir, WireFile } from './api/documents.ts'
import { itemOf } from './api/documents.ts'
import { readXml } from './api/xml.ts'
import { liveFile } from './copy.ts'
import type { Drive } from './drive.ts'
import { fileEntry } from './entry.ts'
import { inTheWay } from './in-the-way.ts'
import type { Content } from './known.ts'
import { contentOf, holding } from './known.ts'
import { mkdir } from './mkdir.ts'
import { refusal } from './refusal.ts'
import { removeForGood } from './remove-for-good.ts'
import { putKnown } from './replace.ts'
import { respell } from './respell.ts'
import { isSameItem } from './same-file.ts'
import { settleSpelling } from './settle.ts'
import { lookUp } from './stat.ts'

const operation = 'move'

/** A file on its way, as it was found under its old name. */
interface Moving {
  readonly from: Path
  readonly to: Path
  readonly source: WireFile
  readonly content: Content
  readonly replaceNothing: boolean
}

/**
 * Renames a file (docs/protocol.md §4.14, mv), which keeps its revisions. Where a file has the new name, live or in the trash,
 * nobody knows what the service would make of it: the content is set there by its MD5, and the old name goes when that is
 * verified. A change of case only is a change.
 * @throws StorageError 'not-found', 'is-dir' where either path is a directory, 'not-dir', 'exists'; 'unsupported' where only
 * sending the bytes is left; effect 'unknown' where the answer was lost
 */
export async function move(drive: Drive, from: Path, to: Path, options: MoveCallOptions = {}): Promise<FileEntry> {
  const source = await liveFile(drive, from, operation, options)
  await settleSpelling(drive, to, options)
  const content = contentOf(drive, from, source, operation)
  const moving = { from, to, source, content, replaceNothing: options.replaceNothing === true }
  const target = await lookUp(drive, to, options)
  if (target && isSameItem(drive, { path: from, item: source }, { path: to, item: target })) {
    if (from !== to) await respell(drive, { from, to, kind: 'file' }, options)
    return fileEntry(to, source.current)
  }
  refuseLive(drive, moving, target)
  if (target?.kind === 'file') return takeOver(drive, moving, options)
  if (parent(to) !== parent(from)) await makeParent(drive, to, options)
  return rename(drive, moving, options)
}

/** The folder that is to hold `path`, also where it or one above it is in the trash. */
export async function makeParent(drive: Drive, path: Path, options: CallOptions): Promise<void> {
  const dir = parent(path)
  if (dir === '') return
  try {
    await mkdir(drive, dir, options)
  } catch (error) {
    if (!isStorageError(error) || error.retry !== 'no') throw error
    throw (await inTheWay(drive, path, operation, options)) ?? error
  }
}

/** Sets the content at the new path, then removes the file at the old one, where it is still the same. */
async function takeOver(drive: Drive, moving: Moving, options: CallOptions): Promise<FileEntry> {
  const { from, to, source, content } = moving
  const placed = await putKnown(drive, { operation, to, content }, options)
  const [now, there] = [await lookUp(drive, from, options), await lookUp(drive, to, options)]
  const arrived = holding(there, content)
  if (!arrived || arrived.uuid === source.uuid) {
    throw refusal('protocol', 'the service did not keep it under the new name', { drive, operation, path: to })
  }
  if (now?.kind !== 'file' || now.deleted) return placed
  if (!holding(now, content)) {
    const why = 'the file has other content meanwhile, and is left where it was'
    throw refusal('changed', why, { drive, operation, path: from })
  }
  if (drive.hardDelete) await removeForGood(drive, from, options)
  else await trash(drive, from, options)
  return placed
}

async function trash(drive: Drive, path: Path, { signal }: CallOptions): Promise<void> {
  const stored = drive.spellings.stored(path)
  const response = await drive.jfs.command({ operation, path, stored, query: { dl: 'true' }, signal })
  await response.discard()
}

async function rename(drive: Drive, moving: Moving, options: CallOptions): Promise<FileEntry> {
  const { from, to, content } = moving
  const stored = drive.spellings.stored(from)
  const target = drive.spellings.stored(to)
  const call = { operation, path: from, stored, target, repeatable: false, signal: options.signal }
  try {
    const response = await drive.jfs.transfer({ ...call, verb: 'mv' })
    drive.spellings.forget(from)
    const moved = itemOf(await readXml(response.body))
    if (moved.kind === 'file' && moved.current && !moved.deleted) return fileEntry(to, moved.current)
    return await putKnown(drive, { operation, to, content }, options) // it went into the trash with what was there
  } catch (error) {
    if (!isStorageError(error) || error.details.status === undefined || error.retry !== 'no') throw error
    return afterRefusal(drive, moving, error, options)
  }
}

/** What a look at both ends says about a refusal: an earlier attempt may have done it, or somebody put something there. */
async function afterRefusal(
  drive: Drive,
  moving: Moving,
  error: StorageError,
  options: CallOptions,
): Promise<FileEntry> {
  const { from, to, source, content } = moving
  const [before, after] = [await lookUp(drive, from, options), await lookUp(drive, to, options)]
  const isThere = holding(before, content) !== undefined
  const arrived = holding(after, content)
  if (!isThere && arrived?.current && arrived.uuid === source.uuid) return fileEntry(to, arrived.current)
  refuseLive(drive, moving, after)
  if (isThere && after?.kind === 'file') return takeOver(drive, moving, options)
  throw (await inTheWay(drive, to, operation, options)) ?? error
}

/** Refuses what must not be replaced: a directory, and a file where nothing is to be. */
function refuseLive(drive: Drive, { to, replaceNothing }: Moving, target: WireFile | WireDir | undefined): void {
  if (!target || target.deleted) return
  const about = { drive, operation, path: to }
  if (replaceNothing && (target.kind === 'dir' || target.current))
    throw refusal('exists', 'there is something of this name', about)
  if (target.kind === 'dir') throw refusal('is-dir', 'a directory has this name', about)
}
