import type { FileEntry } from '../../core/entry.ts'
import { StorageError } from '../../core/errors.ts'
import { createHasher, cryptoHashTypes } from '../../core/hash.ts'
import type { Hashes } from '../../core/hash.ts'
import type { Path } from '../../core/path.ts'
import type { WriteOptions } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import { failure } from './failure.ts'
import { batchSize, gather } from './gather.ts'
import { fileEntry, follow, linkTarget, lstat } from './look.ts'
import type { Place } from './place.ts'
import { createTemporary } from './temporary.ts'
import type { Finishing, Temporary } from './temporary.ts'
import { writeLink } from './write-link.ts'

/**
 * `Remote.write`: into a temporary file beside the target, which takes the target's name when it is whole. A file that fits
 * into one batch is there at once, so that a crash leaves nothing of it. The mode of a file that is replaced stays.
 */
export async function write(place: Place, path: Path, source: Source, options: WriteOptions = {}): Promise<FileEntry> {
  options.signal?.throwIfAborted()
  if (linkTarget(place, path) !== undefined) return writeLink(place, path, source, options)
  const finishing = finishingOf(place, path, source, options)
  const check = createCheck(path, source)
  const naming = { partial: options.partial, source }
  let file: Temporary | undefined
  const begun = (): Temporary => (file ??= createTemporary(place, path, naming))
  const onBatch = (source.size ?? 0) > batchSize ? begun : undefined
  try {
    for await (const batch of gather(check.watch(source.stream({}, { signal: options.signal })), onBatch)) {
      options.signal?.throwIfAborted()
      await begun().write(batch)
      options.onProgress?.(begun().length())
    }
    options.signal?.throwIfAborted()
    const stats = await begun().commit(finishing)
    return { ...fileEntry(path, stats), hashes: check.hashes }
  } catch (error) {
    file?.discard(error)
    throw error
  }
}

/** What a written file gets. @throws StorageError where something stands there that cannot be replaced by a file */
export function finishingOf(
  place: Place,
  path: Path,
  { modified }: Source,
  { metadata, durable = false }: WriteOptions,
): Finishing {
  return { modified, metadata, mode: replacedMode(place, path), durable }
}

/** The permissions of the file that is replaced; undefined where there is none. Only files and links are replaced. */
function replacedMode(place: Place, path: Path): number | undefined {
  const own = lstat(place, path)
  const stats = own?.isSymbolicLink() && place.settings.copyLinks ? follow(place, path) : own
  if (stats?.isDirectory()) throw failure(place, 'is-dir', 'open', path, 'is a directory')
  if (stats && !stats.isFile() && !stats.isSymbolicLink())
    throw failure(place, 'unsupported', 'open', path, 'not a regular file')
  return stats?.isFile() ? Number(stats.mode & 0o777n) : undefined
}

interface Check {
  /**
   * Passes bytes on, and ends only where size and hash are what was promised: what fits into one batch is then not written at all.
   * @throws StorageError 'corrupt', as soon as there are more bytes than promised
   */
  watch(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
  /** What was computed on the way, once the stream has ended. */
  readonly hashes: Hashes
}

/** Compares what a source gives with what it promised, in rclone's words (docs: rclone's surface 5.5). */
function createCheck(path: Path, source: Source): Check {
  const type = cryptoHashTypes.find((known) => source.known[known] !== undefined)
  const hasher = type && createHasher(type)
  let length = 0
  let hashes: Hashes = {}
  const corrupt = (what: string): StorageError =>
    new StorageError('corrupt', `corrupted on transfer: ${what}`, {
      // Another run may go well; to read it all again at once is not what retries are for.
      retry: 'given-up',
      details: { operation: 'write', path },
    })
  return {
    async *watch(stream) {
      for await (const chunk of stream) {
        length += chunk.length
        if (source.size !== undefined && length > source.size)
          throw corrupt(`sizes differ src ${source.size} vs dst at least ${length}`)
        hasher?.update(chunk)
        yield chunk
      }
      if (source.size !== undefined && length !== source.size)
        throw corrupt(`sizes differ src ${source.size} vs dst ${length}`)
      if (!type || !hasher) return
      const hash = hasher.digest()
      if (hash !== source.known[type])
        throw corrupt(`${type} hashes differ src "${source.known[type]}" vs dst "${hash}"`)
      hashes = { [type]: hash }
    },
    get hashes() {
      return hashes
    },
  }
}
