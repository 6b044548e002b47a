import type { FileEntry } from './entry.ts'
import type { Remote } from './remote.ts'
import type { Source } from './source.ts'
import { withHashing } from './source.ts'

/**
 * The file `entry` of `remote`, so that it can be written elsewhere. Nothing is opened before a stream is read, and every
 * stream opens anew.
 * @throws StorageError 'changed', from the streams, where the file is no longer what `entry` says
 */
export function sourceOf(remote: Remote, entry: FileEntry): Source {
  const hashes = remote.facts(entry.path).hashes
  // Whoever writes compares what passes with a known hash: once is enough.
  const promised = hashes.some((type) => entry.hashes[type] !== undefined)
  return withHashing(
    {
      size: entry.size,
      modified: entry.modified,
      known: entry.hashes,
      async *stream(range, options) {
        await using reader = await remote.open(entry.path, {
          signal: options?.signal,
          expect: entry,
          verify: !promised,
        })
        yield* reader.stream(range, options)
      },
    },
    async (type, options) => (hashes.includes(type) ? remote.hash?.(entry, type, options) : undefined),
  )
}
