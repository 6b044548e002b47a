import type { FileEntry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { WireFile } from './api/documents.ts'
import { itemOf } from './api/documents.ts'
import { readXml } from './api/xml.ts'
import type { Drive } from './drive.ts'
import { fileEntry } from './entry.ts'
import type { Content } from './known.ts'
import { contentOf, holding } from './known.ts'
import { refusal } from './refusal.ts'
import { putKnown } from './replace.ts'
import { isSameFile } from './same-file.ts'
import { settleSpelling } from './settle.ts'
import { lookUp } from './stat.ts'

/**
 * A second file of the same content and times, made by the service. The content is set by its MD5 (docs/protocol.md §4.14,
 * cphash), which, other than `cp`, brings a file in the trash back to life and makes the folders on the way; where the service
 * refuses that, `cp` is asked.
 * @throws StorageError 'not-found', 'is-dir' where either path is a directory, 'not-dir'; 'unsupported' where only sending the
 * bytes is left
 */
export async function copy(drive: Drive, from: Path, to: Path, options: CallOptions = {}): Promise<FileEntry> {
  const operation = 'copy'
  const source = await liveFile(drive, from, operation, options)
  await settleSpelling(drive, to, options)
  const content = contentOf(drive, from, source, operation)
  if (isSameFile(drive, from, to)) return fileEntry(from, source.current)
  try {
    return await putKnown(drive, { operation, to, content }, options)
  } catch (error) {
    if (!isStorageError(error, 'unsupported')) throw error
    const copied = await askForCopy(drive, { from, to, content }, options)
    if (copied) return copied
    throw error
  }
}

/** The live file at `path`. @throws StorageError 'not-found', 'is-dir' */
export async function liveFile(
  drive: Drive,
  path: Path,
  operation: string,
  options: CallOptions,
): Promise<WireFile & Required<Pick<WireFile, 'current'>> & { readonly current: NonNullable<WireFile['current']> }> {
  const item = await lookUp(drive, path, options)
  const about = { drive, operation, path }
  if (item?.kind === 'dir' && !item.deleted) throw refusal('is-dir', 'it is a directory', about)
  if (item?.kind === 'file' && !item.deleted && item.current?.state === 'COMPLETED') {
    return { ...item, current: item.current }
  }
  throw refusal('not-found', 'there is no such file', about)
}

async function askForCopy(
  drive: Drive,
  { from, to, content }: { readonly from: Path; readonly to: Path; readonly content: Content },
  { signal }: CallOptions,
): Promise<FileEntry | undefined> {
  const [stored, target] = [drive.spellings.stored(from), drive.spellings.stored(to)]
  try {
    const response = await drive.jfs.transfer({ operation: 'copy', path: from, stored, verb: 'cp', target, signal })
    const copied = holding(itemOf(await readXml(response.body)), content)
    return copied?.current && fileEntry(to, copied.current)
  } catch (error) {
    if (isStorageError(error) && error.details.status !== undefined && error.retry === 'no') return undefined
    throw error
  }
}
