import type { DirEntry, Entry, FileEntry } from '../../core/entry.ts'
import type { Path } from '../../core/path.ts'
import type { WireDir, WireFile, WireRevision } from './api/documents.ts'

/** The entry of an item; undefined where it is trashed, incomplete or corrupt (docs/protocol.md §4.6). */
export function entryOf(path: Path, item: WireFile | WireDir): Entry | undefined {
  if (item.deleted) return undefined
  return item.kind === 'dir' ? dirEntry(path, item) : liveFile(path, item)
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

function liveFile(path: Path, file: WireFile): FileEntry | undefined {
  return file.current?.state === 'COMPLETED' ? fileEntry(path, file.current) : undefined
}

function dirEntry(path: Path, dir: WireDir): DirEntry {
  return { kind: 'dir', path, modified: dir.modified }
}
