import type { DirEntry, Entry, FileEntry } from '../../core/entry.ts'
import type { Path } from '../../core/path.ts'
import type { WireDir, WireFile, WireRevision } from './api/documents.ts'

/** Which items a remote shows: what is live; files in the trash, with the directories on the way to them; or both. */
export type Shown = 'live' | 'trashed' | 'all'

/** The entry of an item; undefined where it is not shown, or incomplete or corrupt (docs/protocol.md §4.6). */
export function entryOf(path: Path, item: WireFile | WireDir, shown: Shown): Entry | undefined {
  if (item.kind === 'dir') return item.deleted && shown === 'live' ? undefined : dirEntry(path, item)
  if (shown !== 'all' && item.deleted !== (shown === 'trashed')) return undefined
  return item.current?.state === 'COMPLETED' ? fileEntry(path, item.current) : undefined
}

/** The entry of one revision of a file. */
export function fileEntry(path: Path, revision: WireRevision): FileEntry {
  return {
    kind: 'file',
    path,
    size: revision.size,
    modified: revision.modified ?? revision.updated ?? 0n,
    hashes: { md5: revision.md5 },
    created: revision.created,
    stored: revision.updated,
    mimeType: revision.mime,
    revision: revision.number,
  }
}

function dirEntry(path: Path, dir: WireDir): DirEntry {
  return { kind: 'dir', path, modified: dir.modified }
}
