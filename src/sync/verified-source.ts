import type { FileEntry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { HashType } from '../core/hash.ts'
import { openHasher } from '../core/open-hasher.ts'
import type { Source } from '../core/source.ts'
import type { Pace } from '../operations/paced.ts'
import { paced } from '../operations/paced.ts'

export interface VerifyOptions {
  /** The hash that both sides know; undefined: sizes alone are compared. */
  readonly type: HashType | undefined
  /** Compute the hash of what passes: for a destination that does not check it by itself. */
  readonly hashPassing: boolean
  /** How the two sides are called in messages. */
  readonly names: { readonly source: string; readonly dest: string }
  /** Undefined: all bytes may pass at once. */
  readonly pace?: Pace | undefined
}

/** A source whose bytes are checked on the way, and what came of them. */
export interface VerifiedSource extends Source {
  /** @throws StorageError 'corrupt' where what was written is not what was read */
  check(written: FileEntry): void
}

/**
 * `source`, so that a wrong byte keeps the file from being finished: a stream of the whole throws 'corrupt' at its end when
 * it is not as long as the source promised, and a write is all or nothing (rclone's surface §5.5).
 */
export function verifiedSource(source: Source, o: VerifyOptions): VerifiedSource {
  const { type } = o
  let seen: string | undefined
  return {
    size: source.size,
    modified: source.modified,
    known: source.known,
    async hash(asked, options) {
      const hash = await source.hash(asked, options)
      if (asked === type) seen = hash
      return hash
    },
    async *stream(range = {}, options = {}) {
      const whole = (range.offset ?? 0) === 0 && range.length === undefined
      // A hash that the source knows is compared by the write itself.
      const unknown = type !== undefined && source.known[type] === undefined
      const hasher = whole && unknown && o.hashPassing ? await openHasher(type) : undefined
      let passed = 0
      for await (const chunk of paced(source.stream(range, options), o.pace, options.signal)) {
        hasher?.update(chunk)
        passed += chunk.length
        yield chunk
      }
      if (whole && source.size !== undefined && passed !== source.size) throw sizesDiffer(source.size, passed, o)
      if (hasher) seen = hasher.digest()
    },
    check(written) {
      if (source.size !== undefined && written.size !== undefined && written.size !== source.size)
        throw sizesDiffer(source.size, written.size, o)
      if (!type) return
      const [expected, got] = [source.known[type] ?? seen, written.hashes[type]]
      if (expected !== undefined && got !== undefined && got !== expected) throw hashesDiffer(type, expected, got, o)
    },
  }
}

function sizesDiffer(source: number, dest: number, { names }: VerifyOptions): StorageError {
  return corrupt(`sizes differ src ${source} vs dst(${names.dest}) ${dest}`)
}

function hashesDiffer(type: HashType, source: string, dest: string, { names }: VerifyOptions): StorageError {
  return corrupt(`${type} hashes differ src(${names.source}) "${source}" vs dst(${names.dest}) "${dest}"`)
}

/** Another run may go well; to repeat at once what was read and written whole is not what retries are for. */
function corrupt(what: string): StorageError {
  return new StorageError('corrupt', `corrupted on transfer: ${what}`, { retry: 'given-up' })
}
