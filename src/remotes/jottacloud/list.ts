import type { Entry } from '../../core/entry.ts'
import { isStorageError, refine, type StorageError } from '../../core/errors.ts'
import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, join } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { HttpResponse } from '../../http/types.ts'
import type { JfsCall } from './api/jfs.ts'
import type { WireDir, WireFile } from './api/documents.ts'
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

/** The entries of one folder, in pages, as the document arrives (docs/protocol.md §4.6). */
export async function* list(
  drive: Drive,
  dir: Path,
  { signal }: CallOptions = {},
): AsyncGenerator<readonly Entry[], void, undefined> {
  const call = { operation: 'list', path: dir, stored: drive.spellings.stored(dir), signal }
  const response = await getDir(drive, call)
  const reader = createXmlReader(isListedItem)
  const folder = createFolder(drive, dir)
  let page: Entry[] = []
  for await (const chunk of response.body) {
    for (const element of reader.write(chunk)) page.push(...folder.take(itemOf(element)))
    if (page.length < pageSize || !reader.root) continue
    requireDir(drive, dir, reader.root)
    yield page
    page = []
  }
  requireDir(drive, dir, reader.end())
  page.push(...folder.end())
  drive.spellings.listed(dir)
  if (page.length > 0) yield page
}

/** Asks for a document of a directory. @throws StorageError 'dir-not-found' and as `Jfs.get` */
export async function getDir({ jfs, device, mountpoint }: Drive, call: JfsCall): Promise<HttpResponse> {
  try {
    return await jfs.get({ ...call, missing: 'dir-not-found' })
  } catch (error) {
    if (call.path !== '' || !isStorageError(error, 'dir-not-found')) throw error
    const hint = `There is no mountpoint "${mountpoint}" on the device "${device}": check device and mountpoint of the remote.`
    throw refine(error, { details: { hint } })
  }
}

/** The error for a directory that is not there. */
export function noSuchDir(drive: Drive, dir: Path, operation: string): StorageError {
  return refusal('dir-not-found', 'there is no such directory', { drive, operation, path: dir })
}

/** The items of a folder become entries, each under a name of its own. */
function createFolder(
  drive: Drive,
  dir: Path,
): { take(item: WireFile | WireDir): readonly Entry[]; end(): readonly Entry[] } {
  const storedDir = drive.spellings.stored(dir)
  const names = new Set<string>()
  const odd: (WireFile | WireDir)[] = []

  const named = (name: string, item: WireFile | WireDir): readonly Entry[] => {
    const entry = entryOf(join(dir, name), item, drive.shown)
    if (!entry) return []
    names.add(nameKey(name))
    if (item.kind === 'dir') drive.leftovers.note(dir, name)
    return [entry]
  }

  return {
    take(item) {
      if (drive.names.isOurs(item.name)) return named(drive.names.shown(item.name), item)
      odd.push(item)
      return []
    },
    // what another program spelled its own way comes last, since one of our spelling may be shown under the same name
    end: () =>
      odd.flatMap((item) => {
        let name = drive.names.shown(item.name)
        while (names.has(nameKey(name))) name = `\u201B${name}`
        const entries = named(name, item)
        for (const { path } of entries) drive.spellings.learn(path, join(storedDir, item.name))
        return entries
      }),
  }
}

function nameKey(name: string): string {
  return matchKey(name, { caseInsensitive: true, normalise: false })
}

/** A trashed folder still has a document: the tombstone. */
function requireDir(drive: Drive, dir: Path, root: XmlElement): void {
  const item = itemOf(root)
  const there = item.kind === 'dir' && entryOf(basename(dir), item, drive.shown) !== undefined
  if (!there) throw noSuchDir(drive, dir, 'list')
}
