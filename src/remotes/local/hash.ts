import type { FileEntry } from '../../core/entry.ts'
import type { HashType } from '../../core/hash.ts'
import { hashStream } from '../../core/hash.ts'
import type { CallOptions } from '../../core/stream.ts'
import { hashInThread } from './hash-thread.ts'
import { look } from './look.ts'
import { checkUnchanged, closeFile, open, openFile } from './open.ts'
import type { Place } from './place.ts'

/** From this size on a file is hashed in a thread of its own: the main one has transfers to serve. */
const bigSize = 8 * 1024 * 1024

/** `Remote.hash`: reads the file. @throws StorageError 'changed' where it is not the one of `entry` any more */
export async function hash(place: Place, entry: FileEntry, type: HashType, options: CallOptions = {}): Promise<string> {
  const seen = look(place, entry.path)
  if (seen?.kind !== 'link' && (entry.size ?? 0) >= bigSize) {
    const file = openFile(place, entry.path, { ...options, expect: entry, seen })
    try {
      const result = await hashInThread(file.fd, entry.size ?? 0, { type, signal: options.signal })
      checkUnchanged(file, false)
      return result
    } finally {
      closeFile(file)
    }
  }
  await using reader = await open(place, entry.path, { ...options, expect: entry })
  return await hashStream(type, reader.stream({}, options))
}
