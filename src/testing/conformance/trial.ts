import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import type { Entry, FileEntry } from '../../core/entry.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { isStorageError, messageOf } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import { isWithin, join, relative } from '../../core/path.ts'
import type { Remote, WriteOptions } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import { sourceFromBytes } from '../../core/source.ts'
import type { Range } from '../../core/stream.ts'
import { collect } from '../../core/stream.ts'
import type { Time } from '../../core/time.ts'
import { parseRfc3339 } from '../../core/time.ts'

/** What a test runner must offer: vitest's, node:test's and others' `describe` and `test` fit. */
export interface Runner {
  describe(name: string, body: () => void): unknown
  test(name: string, body: () => Promise<void>): unknown
}

/** A remote to try, with an empty directory `root` on it that nothing else uses. */
export interface Subject {
  readonly remote: Remote
  readonly root: Path
  dispose(): Promise<void>
}

/** A subject with short ways to say what tests say; all paths are below the subject's root. */
export interface Trial {
  readonly remote: Remote
  /** The full path of one below the root. */
  readonly at: (path: Path) => Path
  readonly put: (
    path: Path,
    content: string | Uint8Array,
    options?: WriteOptions & { readonly modified?: Time },
  ) => Promise<FileEntry>
  /** Writes from any source. */
  readonly write: (path: Path, source: Source, options?: WriteOptions) => Promise<FileEntry>
  /** The text of a file or of a range of it. */
  readonly text: (path: Path, range?: Range) => Promise<string>
  readonly stat: (path: Path) => Promise<Entry | undefined>
  /** The entry of a file that must be there. */
  readonly file: (path: Path) => Promise<FileEntry>
  /** One level, by code unit, directories with '/' at the end. */
  readonly names: (dir: Path) => Promise<readonly string[]>
  /** Everything below the root with its content, directories as undefined: for "nothing has changed". */
  readonly everything: () => Promise<Readonly<Record<Path, string | undefined>>>
}

/** Tests by what they state, each run on a fresh subject. */
export type Tests = Readonly<Record<string, (trial: Trial) => Promise<void>>>

/** A time with a fraction in every place that a precision may cut. */
export const someTime: Time = parseRfc3339('2011-12-13T14:15:16.123456789Z') ?? 0n

/** Bytes that differ at every offset, so that a shift or a mix shows. */
export function pattern(length: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 7 + (i >> 8) * 13 + (i >> 16) * 31 + seed) & 255
  return bytes
}

export function createTrial({ remote, root }: Subject): Trial {
  const at = (path: Path): Path => join(root, path)
  const text = async (path: Path, range: Range = {}): Promise<string> => {
    await using reader = await remote.open(at(path))
    return Buffer.from(await collect(reader.stream(range))).toString()
  }
  return {
    remote,
    at,
    text,
    put: (path, content, { modified, ...options } = {}) =>
      remote.write(at(path), sourceFromBytes(bytesOf(content), { modified: modified ?? someTime }), options),
    write: (path, source, options) => remote.write(at(path), source, options),
    stat: (path) => remote.stat(at(path)),
    async file(path) {
      const entry = await remote.stat(at(path))
      assert.ok(entry?.kind === 'file', `${path} is to be a file`)
      return entry
    },
    async names(dir) {
      const entries = await entriesOf(remote.list(at(dir)))
      return entries.map((entry) => relative(entry.path, at(dir)) + (entry.kind === 'dir' ? '/' : '')).sort()
    },
    async everything() {
      const found: Record<Path, string | undefined> = {}
      for (const entry of await walk(remote, root)) {
        const path = relative(entry.path, root)
        found[path] = entry.kind === 'file' ? await text(path) : undefined
      }
      return found
    },
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}

/** All entries of a listing. */
export async function entriesOf(pages: AsyncIterable<readonly Entry[]>): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const page of pages) entries.push(...page)
  return entries
}

/** Everything below `dir`, one directory at a time. */
export async function walk(remote: Remote, dir: Path): Promise<readonly Entry[]> {
  const found: Entry[] = []
  for (const entry of await entriesOf(remote.list(dir))) {
    found.push(entry)
    if (entry.kind === 'dir') found.push(...(await walk(remote, entry.path)))
  }
  return found
}

/** Asserts that `action` rejects with a StorageError of one of `codes` that names `path` or one on the way to it. */
export async function fails(action: Promise<unknown>, path: Path, ...codes: readonly ErrorCode[]): Promise<void> {
  await assert.rejects(action, (error: unknown) => {
    assert.ok(isStorageError(error), `a StorageError, not: ${messageOf(error)}`)
    assert.ok(codes.includes(error.code), `${codes.join(' or ')}, not ${error.code}: ${error.message}`)
    const named = error.details.path
    assert.ok(named !== undefined, `${error.code} names no path`)
    assert.ok(isWithin(path, named) || isWithin(named, path), `the error names ${named}, not ${path}`)
    return true
  })
}

/** Asserts that two times are one as far as the place keeps them; nothing where it keeps none. */
export function sameTime(remote: Remote, entry: Entry, expected: Time): void {
  const precision = remote.facts(entry.path).timePrecision
  if (precision === undefined) return
  const apart = (entry.modified ?? 0n) - expected
  assert.ok(apart < precision && -apart < precision, `${entry.path}: the time is ${apart} ns off`)
}
