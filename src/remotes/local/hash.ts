import type { FileEntry } from '../../core/entry.ts'
import type { HashType } from '../../core/hash.ts'
import { hashStream } from '../../core/open-hasher.ts'
import type { CallOptions } from '../../core/stream.ts'
import { open } from './open.ts'
import type { Place } from './place.ts'

/** `Remote.hash`: reads the file. @throws StorageError 'changed' where it is not the one of `entry` any more */
export async function hash(place: Place, entry: FileEntry, type: HashType, options: CallOptions = {}): Promise<string> {
  await using reader = await open(place, entry.path, { ...options, expect: entry })
  return await hashStream(type, reader.stream({}, options))
}
