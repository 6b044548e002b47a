import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { Remote } from '../core/remote.ts'
import type { ByteStream, Range } from '../core/stream.ts'
import type { Failures } from './failures.ts'
import { createFailures } from './failures.ts'
import type { FoundFile, Place } from './find-files.ts'
import { findFiles } from './find-files.ts'
import { limited } from './paced.ts'
import type { WalkOptions } from './walk.ts'

/** Which part of every file: bytes from `offset` (negative: from the end), at most `count` (negative: all). */
export interface CatPart {
  readonly offset: number
  readonly count: number
}

export interface CatOptions extends WalkOptions {
  /** Default: the whole. */
  readonly part?: CatPart | undefined
}

/** One file of {@link cat}. Read `content` before the next one is asked for. */
export interface CatFile extends FoundFile {
  readonly content: ByteStream
}

/**
 * The part that `--head`, `--tail`, `--offset` and `--count` mean; 0 for head, tail and offset is as if not given.
 * @throws StorageError 'config' where they exclude each other (rclone's surface §1.3)
 */
export function catPart(o: {
  readonly head?: number
  readonly tail?: number
  readonly offset?: number
  readonly count?: number
}): CatPart {
  const { head = 0, tail = 0, offset = 0, count = -1 } = o
  const given = [head > 0, tail > 0, offset !== 0 || count >= 0].filter(Boolean).length
  if (given > 1) throw new StorageError('config', 'Can only use one of  --head, --tail or --offset with --count')
  if (head > 0) return { offset: 0, count: head }
  return tail > 0 ? { offset: -tail, count: -1 } : { offset, count }
}

/**
 * The contents of all files of a place, one after another. A file that cannot be read is logged and reported, ends where
 * it stands, and the next one follows.
 * @throws StorageError at the end, the last that was reported; or as {@link findFiles} does
 */
export async function* cat(ctx: Context, place: Place, o: CatOptions = {}): AsyncGenerator<CatFile> {
  const failures = createFailures(ctx)
  const part = o.part ?? { offset: 0, count: -1 }
  for await (const page of findFiles(ctx, place, o)) {
    for (const file of page) {
      yield { ...file, content: readPart(ctx, place.remote, { ...file, part, failures }) }
    }
  }
  if (failures.count > 0) throw failures.last
}

async function* readPart(
  ctx: Context,
  remote: Remote,
  { entry, shown, part, failures }: FoundFile & { readonly part: CatPart; readonly failures: Failures },
): AsyncGenerator<Uint8Array> {
  let what = 'Failed to open'
  try {
    const range = rangeOf(entry, part)
    if (range.length === 0) return
    await using reader = await remote.open(entry.path, { expect: entry, signal: ctx.signal })
    what = 'Failed to read'
    yield* limited(ctx, 'down', reader.stream(range, { signal: ctx.signal }))
  } catch (error) {
    failures.add(shown, what, error)
  }
}

function rangeOf(entry: FileEntry, { offset, count }: CatPart): Range {
  const from = offset < 0 ? Math.max(0, (entry.size ?? 0) + offset) : offset
  if (entry.size !== undefined && from >= entry.size && entry.size > 0) return { length: 0 }
  return count < 0 ? { offset: from } : { offset: from, length: count }
}
