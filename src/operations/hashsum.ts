import type { Context } from '../core/context.ts'
import type { HashType } from '../core/hash.ts'
import { shownPath } from '../options/standard-names.ts'
import { mapFiles } from './map-files.ts'
import { again, createFailures } from './failures.ts'
import type { Place } from './find-files.ts'
import { findFiles } from './find-files.ts'
import { hashOf, readHashes } from './hashes-of.ts'
import { hashInBase64, hashWidth } from './hash-names.ts'
import type { WalkOptions } from './walk.ts'

export interface HashsumOptions extends WalkOptions {
  readonly type: HashType
  /** Read every file instead of asking the remote. */
  readonly download?: boolean | undefined
}

/** The hash of one file. */
export interface FileHash {
  readonly shown: string
  /** Lower-case hex; '' where the remote has none for this file. */
  readonly hash: string
}

/**
 * The hashes of all files of a place, in any order. A file whose hash cannot be had is logged and reported, and the others
 * follow (rclone's surface §1.3).
 * @throws StorageError at the end, the last that was reported; or as {@link findFiles} does
 */
export async function* hashsum(ctx: Context, place: Place, o: HashsumOptions): AsyncGenerator<FileHash> {
  const failures = createFailures(ctx)
  const { remote } = place
  yield* mapFiles(ctx, findFiles(ctx, place, o), async ({ entry, shown }) => {
    try {
      const hash = o.download
        ? (await readHashes(ctx, remote, entry, [o.type]))[o.type]
        : await hashOf(ctx, remote, entry, o.type)
      return { shown, hash: hash ?? '' }
    } catch (error) {
      const supported = o.download === true || remote.facts(entry.path).hashes.includes(o.type)
      const what = supported ? `failed to get hash ${o.type}` : 'hash unsupported'
      failures.add(shown, what, again(error), shown)
      return undefined
    }
  })
  if (failures.count > 0) throw failures.last
}

/** A line as md5sum and its relatives print it; the hash is right-aligned to its width. */
export function sumLine({ hash, shown }: FileHash, type: HashType, base64: boolean): string {
  return `${(base64 ? hashInBase64(hash) : hash).padStart(hashWidth(type, base64))}  ${shownPath(shown)}`
}
