import type { HashType, Hashes } from './hash.ts'
import { hashStream, openHasher } from './open-hasher.ts'
import type { ByteStream, CallOptions, Range } from './stream.ts'
import type { Time } from './time.ts'

/**
 * Content that can be read again: Jottacloud wants the MD5 before the first byte, a retry starts over, a resume starts
 * in the middle.
 */
export interface Source {
  /** Bytes; undefined where it is not known before reading. */
  readonly size: number | undefined
  readonly modified: Time | undefined
  /** Hashes that cost nothing. */
  readonly known: Hashes
  /**
   * The bytes of `range`, from the beginning of the range at every call.
   * @throws StorageError 'changed' where the content is no longer what `size` and `modified` promise
   */
  stream(range?: Range, options?: CallOptions): ByteStream
  /** The hash of the whole, lower-case hex; may read everything once and is remembered. Undefined where it cannot be had. */
  hash(type: HashType, options?: CallOptions): Promise<string | undefined>
}

/** A source of bytes in memory. */
export function sourceFromBytes(bytes: Uint8Array, options: { readonly modified?: Time } = {}): Source {
  return {
    size: bytes.length,
    modified: options.modified,
    known: {},
    async *stream(range = {}) {
      const part = sliceRange(bytes, range)
      if (part.length > 0) yield part
    },
    async hash(type) {
      const hasher = await openHasher(type)
      hasher.update(bytes)
      return hasher.digest()
    },
  }
}

/**
 * A source that remembers its hashes and reads them from its own stream, each at most once.
 * @param ask a cheaper way to a hash, where it gives one
 */
export function withHashing(
  source: Omit<Source, 'hash'>,
  ask?: (type: HashType, options?: CallOptions) => Promise<string | undefined>,
): Source {
  const found = new Map<HashType, string>()
  return {
    ...source,
    async hash(type, options) {
      const known = source.known[type] ?? found.get(type)
      if (known !== undefined) return known
      const hash = (await ask?.(type, options)) ?? (await hashStream(type, source.stream({}, options)))
      found.set(type, hash)
      return hash
    },
  }
}

/** The bytes of `range` of an array, without copying. */
export function sliceRange(bytes: Uint8Array, range: Range): Uint8Array {
  const from = range.offset ?? 0
  return bytes.subarray(from, range.length === undefined ? undefined : from + range.length)
}
