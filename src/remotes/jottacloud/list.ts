import type { Entry } from '../../core/entry.ts'
import type { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { join } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import { isListedItem, itemOf } from './api/documents.ts'
import type { XmlElement } from './api/xml.ts'
import { createXmlReader } from './api/xml.ts'
import type { Drive } from './drive.ts'
import { entryOf } from './entry.ts'
import { refusal } from './refusal.ts'

/**
 * Entries of a page. A folder with fewer comes whole or not at all, so that its listing can be repeated when the connection
 * breaks.
 */
export const pageSize = 1000

/** The live entries of one folder, in pages, as the document arrives (docs/protocol.md §4.6). */
export async function* list(
  drive: Drive,
  dir: Path,
  { signal }: CallOptions = {},
): AsyncGenerator<readonly Entry[], void, undefined> {
  const call = { operation: 'list', path: dir, stored: drive.names.stored(dir), signal }
  const response = await drive.jfs.get({ ...call, missing: 'dir-not-found' })
  const reader = createXmlReader(isListedItem)
  let page: Entry[] = []
  for await (const chunk of response.body) {
    for (const element of reader.write(chunk)) {
      const entry = listedEntry(drive, dir, element)
      if (entry) page.push(entry)
    }
    if (page.length < pageSize || !reader.root) continue
    requireDir(drive, dir, reader.root)
    yield page
    page = []
  }
  requireDir(drive, dir, reader.end())
  if (page.length > 0) yield page
}

/** The error for a directory that is not there. */
export function noSuchDir(drive: Drive, dir: Path, operation: string): StorageError {
  return refusal('dir-not-found', 'there is no such directory', { drive, operation, path: dir })
}

function listedEntry(drive: Drive, dir: Path, element: XmlElement): Entry | undefined {
  const item = itemOf(element)
  return entryOf(join(dir, drive.names.shown(item.name)), item)
}

/** A trashed folder still has a document: the tombstone. */
function requireDir(drive: Drive, dir: Path, root: XmlElement): void {
  const item = itemOf(root)
  if (item.kind !== 'dir' || item.deleted) throw noSuchDir(drive, dir, 'list')
}
