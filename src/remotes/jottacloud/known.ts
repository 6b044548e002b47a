import type { FileEntry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Time } from '../../core/time.ts'
import { accountProblem } from './account-problem.ts'
import { allocate } from './api/allocate.ts'
import { formatJfsDate } from './api/dates.ts'
import type { WireDir, WireFile } from './api/documents.ts'
import { itemOf } from './api/documents.ts'
import { readXml } from './api/xml.ts'
import type { Drive } from './drive.ts'
import { fileEntry } from './entry.ts'
import { inTheWay } from './in-the-way.ts'
import { refusal } from './refusal.ts'
import { lookUp } from './stat.ts'

/** Content that the service has. */
export interface Content {
  readonly size: number
  /** Lower-case hex. */
  readonly md5: string
  readonly created: Time
  readonly modified: Time
}

/** Where content is to be put, for which operation. */
export interface Placing {
  readonly operation: string
  readonly to: Path
  readonly content: Content
}

/** What the current revision of a file holds. @throws StorageError 'protocol' where the service does not say */
export function contentOf(drive: Drive, path: Path, file: WireFile, operation: string): Content {
  const { size, md5, created, modified, updated } = file.current ?? {}
  if (size === undefined || md5 === undefined) {
    throw refusal('protocol', 'the service did not name its size and MD5', { drive, operation, path })
  }
  const time = modified ?? updated ?? 0n
  return { size, md5, created: created ?? time, modified: time }
}

/** The live file that `item` is, where it holds `content`. */
export function holding(item: WireFile | WireDir | undefined, content: Content): WireFile | undefined {
  if (item?.kind !== 'file' || item.deleted) return undefined
  const { state, size, md5 } = item.current ?? {}
  return state === 'COMPLETED' && size === content.size && md5 === content.md5 ? item : undefined
}

/**
 * Makes the file at `to` be `content` without sending bytes (docs/protocol.md §4.14, cphash): parents are made, a file of that
 * name gets a newer revision, one in the trash comes back. Where the service refuses that, the content is announced as for an
 * upload (§3.2).
 * @throws StorageError 'is-dir', 'not-dir'; 'unsupported' where only sending the bytes is left
 */
export async function placeKnown(drive: Drive, placing: Placing, options: CallOptions): Promise<FileEntry> {
  const { to, content, operation } = placing
  for (const way of [setContent, announce]) {
    const placed = holding(await way(drive, placing, options), content)
    if (placed?.current) return fileEntry(to, placed.current)
  }
  const refused = refusal('unsupported', 'the service does not put known content there', { drive, operation, path: to })
  throw (
    (await inTheWay(drive, to, operation, options)) ??
    (await accountProblem(drive, refused, { bytes: content.size, signal: options.signal })) ??
    refused
  )
}

/** What is at the path afterwards; undefined where the service refused. */
async function setContent(
  drive: Drive,
  { to, content, operation }: Placing,
  { signal }: CallOptions,
): Promise<WireFile | WireDir | undefined> {
  return orRefused(async () => {
    const response = await drive.jfs.command({
      operation,
      path: to,
      stored: drive.spellings.stored(to),
      query: { cphash: 'true' },
      headers: {
        JSize: String(content.size),
        JMd5: content.md5,
        JCreated: formatJfsDate(content.created),
        JModified: formatJfsDate(content.modified),
      },
      signal,
    })
    return itemOf(await readXml(response.body))
  })
}

async function announce(
  drive: Drive,
  { to, content }: Placing,
  { signal }: CallOptions,
): Promise<WireFile | WireDir | undefined> {
  return orRefused(async () => {
    const place = `/${drive.device}/${drive.mountpoint}/${drive.spellings.stored(to)}`
    const { size: bytes, ...rest } = content
    const upload = { remote: drive.name, path: to, bytes, ...rest, signal }
    const { state } = await allocate(drive.http, { base: drive.apiUrl, place }, upload)
    return state === 'completed' ? lookUp(drive, to, { signal }) : undefined
  })
}

/** @throws what is no lasting refusal of the service: another way would meet it too */
async function orRefused<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    const refused = isStorageError(error, 'not-found', 'exists', 'invalid-argument', 'permission', 'protocol')
    if (refused && error.retry === 'no') return undefined
    throw error
  }
}
