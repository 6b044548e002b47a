import type { Entry } from '../../core/entry.ts'
import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { HttpResponse } from '../../http/types.ts'
import type { WireDir, WireFile } from './api/documents.ts'
import { isListedItem, itemOf } from './api/documents.ts'
import { createXmlReader } from './api/xml.ts'
import type { Drive } from './drive.ts'
import { entryOf } from './entry.ts'
import { settleSpelling } from './settle.ts'

/** Bytes of a folder's document after which the rest, which is its listing, is not waited for. */
const enoughOfFolder = 256 * 1024

/** What lies under `path` and is shown. */
export async function stat(drive: Drive, path: Path, options: CallOptions = {}): Promise<Entry | undefined> {
  const item = await lookUp(drive, path, options)
  return item && entryOf(path, item, drive.shown)
}

/**
 * What the service has under `path`, in the trash or not; undefined where it has nothing. Where another program may have
 * spelled a name its own way, the folder that would hold it is listed, once.
 */
export async function lookUp(drive: Drive, path: Path, options: CallOptions): Promise<WireFile | WireDir | undefined> {
  const asked = drive.spellings.stored(path)
  const item = await ask(drive, path, options)
  if (item && entryOf(path, item, drive.shown)) return item
  if (drive.spellings.isOdd(path)) drive.spellings.forget(path)
  else await settleSpelling(drive, path, options)
  return drive.spellings.stored(path) === asked ? item : ((await ask(drive, path, options)) ?? item)
}

async function ask(drive: Drive, path: Path, { signal }: CallOptions): Promise<WireFile | WireDir | undefined> {
  let response
  try {
    response = await drive.jfs.get({ operation: 'stat', path, stored: drive.spellings.stored(path), signal })
  } catch (error) {
    if (isStorageError(error, 'not-found')) return undefined
    throw error
  }
  return readItem(response)
}

async function readItem(response: HttpResponse): Promise<WireFile | WireDir> {
  const reader = createXmlReader(isListedItem)
  let length = 0
  for await (const chunk of response.body) {
    reader.write(chunk)
    length += chunk.length
    if (length >= enoughOfFolder && reader.root && reader.root.name !== 'file') return itemOf(reader.root)
  }
  return itemOf(reader.end())
}
