import { Buffer } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinOnDisk } from 'node:path'
import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import type { Hashes } from '../core/hash.ts'
import type { Path } from '../core/path.ts'
import { basename, comparePaths, join, parent } from '../core/path.ts'
import type { ListOptions, Location } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import type { Lister } from '../operations/list-dir.ts'
import { ownText } from '../util/own-text.ts'

/** A lister that has to be closed. */
export interface SpooledLister {
  readonly list: Lister
  /** Gives the space on the disk back. */
  close(): void
}

/** Bytes of entries that may wait in memory before they are written. */
const bufferSize = 256 * 1024

/**
 * Lists a tree with one recursive listing, which comes in any order, and gives it directory by directory: the entries wait in
 * a file, and memory holds where those of each directory are; an entry is kept no longer than it takes to write it down, or
 * the garbage of a big account would fill the memory that the entries do not. It is listed when it is first asked for.
 * @param tempDir the folder for the file; default: the system's
 * @throws StorageError, from the lister, what the listing throws, at every call
 */
export function createSpooledLister(
  ctx: Context,
  { remote, path: root }: Location,
  o: { readonly tempDir?: string | undefined; readonly onEntryError: ListOptions['onError'] },
): SpooledLister {
  let spool: Spool | undefined
  let loading: Promise<Spool> | undefined
  const load = async (): Promise<Spool> => {
    spool = createSpool(o.tempDir ?? tmpdir())
    const pages = remote.listAll?.(root, { signal: ctx.signal, onError: o.onEntryError }) ?? []
    for await (const page of pages) {
      ctx.report({ type: 'listed', entries: page.length })
      for (const entry of page) spool.add(entry)
    }
    spool.end()
    return spool
  }
  return {
    async list(dir) {
      loading ??= load()
      return [...(await loading).read(dir)].sort((a, b) => comparePaths(a.path, b.path))
    },
    close: () => spool?.close(),
  }
}

interface Spool {
  add(entry: Entry): void
  end(): void
  read(dir: Path): Iterable<Entry>
  close(): void
}

function createSpool(tempDir: string): Spool {
  const fd = openNameless(tempDir)
  const out = createWriter((bytes, offset) => writeAll(tempDir, fd, bytes, offset))
  const pieces = createPieces()
  /** The last piece of each directory. */
  const lasts = new Map<Path, number>()
  let [current, piece] = ['', -1]
  return {
    add(entry) {
      const dir = parent(entry.path)
      const begin = out.position()
      out.append(pack(entry))
      if (dir === current && piece !== -1) return pieces.extend(piece, out.position())
      const before = lasts.get(dir)
      piece = pieces.add(begin, out.position(), before)
      current = before === undefined ? ownText(dir) : dir
      lasts.set(current, piece)
    },
    end: () => out.flush(),
    *read(dir) {
      for (let at = lasts.get(dir); at !== undefined; at = pieces.before(at)) {
        const { begin, end } = pieces.at(at)
        for (const packed of readPiece(fd, begin, end)) yield unpack(dir, packed)
      }
    },
    close: () => closeSync(fd),
  }
}

/** A file without a name, which is gone when the program ends, however it does. */
function openNameless(tempDir: string): number {
  const path = joinOnDisk(tempDir, `fjord-${randomUUID()}`)
  return inFolder(tempDir, () => {
    const fd = openSync(path, 'wx+', 0o600)
    rmSync(path)
    return fd
  })
}

function inFolder<T>(tempDir: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    const details = { hint: 'Choose another folder for temporary files with --temp-dir, or leave out --fast-list.' }
    throw new StorageError('io', `the listing cannot be kept in ${tempDir}: ${messageOf(cause)}`, { cause, details })
  }
}

interface Pieces {
  /** @returns the number of the new piece. @param before the one that the same directory had last */
  add(begin: number, end: number, before: number | undefined): number
  extend(piece: number, end: number): void
  at(piece: number): { readonly begin: number; readonly end: number }
  before(piece: number): number | undefined
}

/** Numbers without an object of their own, for there may be as many pieces as files. */
function createPieces(): Pieces {
  const width = 3
  let numbers = new Float64Array(width * 1024)
  let count = 0
  return {
    add(begin, end, before = -1) {
      if (numbers.length < (count + 1) * width) {
        const larger = new Float64Array(numbers.length * 2)
        larger.set(numbers)
        numbers = larger
      }
      numbers.set([begin, end, before], count * width)
      return count++
    },
    extend(piece, end) {
      numbers[piece * width + 1] = end
    },
    at: (piece) => ({ begin: numbers[piece * width] ?? 0, end: numbers[piece * width + 1] ?? 0 }),
    before(piece) {
      const found = numbers[piece * width + 2] ?? -1
      return found === -1 ? undefined : found
    },
  }
}

interface Writer {
  /** Where the next text will begin. */
  position(): number
  append(text: string): void
  flush(): void
}

function createWriter(write: (bytes: Uint8Array, offset: number) => void): Writer {
  const buffer = Buffer.allocUnsafe(bufferSize)
  let [written, waiting] = [0, 0]
  const flush = (): void => {
    write(buffer.subarray(0, waiting), written)
    written += waiting
    waiting = 0
  }
  return {
    position: () => written + waiting,
    append(text) {
      // No character has more than three bytes for each of its units
      if (waiting + text.length * 3 > bufferSize) flush()
      if (text.length * 3 <= bufferSize) waiting += buffer.write(text, waiting)
      else {
        const bytes = Buffer.from(text)
        write(bytes, written)
        written += bytes.length
      }
    },
    flush,
  }
}

function writeAll(tempDir: string, fd: number, bytes: Uint8Array, offset: number): void {
  inFolder(tempDir, () => {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, offset + at)
  })
}

function readPiece(fd: number, begin: number, end: number): readonly Packed[] {
  const bytes = Buffer.allocUnsafe(end - begin)
  for (let at = 0; at < bytes.length;) {
    const count = readSync(fd, bytes, at, bytes.length - at, begin + at)
    if (count === 0) throw new StorageError('io', 'the list of files was cut short')
    at += count
  }
  // It is what was written here
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(`[${bytes.toString().slice(0, -1)}]`) as readonly Packed[]
}

/** The name, and what an entry of its kind has in the order of `pack`; times as text. */
type Packed =
  | readonly [name: string, size: number | null, modified: string | null]
  | readonly [
      name: string,
      size: number | null,
      modified: string,
      hashes: Hashes,
      created: string | null,
      stored: string | null,
      mimeType: string | null,
      revision: string | null,
    ]

/** An entry as text, which a comma ends. */
function pack(entry: Entry): string {
  const { size, modified } = entry
  const both = [basename(entry.path), size, modified?.toString()]
  if (entry.kind === 'dir') return `${JSON.stringify(both)},`
  const { hashes, created, stored, mimeType, revision } = entry
  return `${JSON.stringify([...both, hashes, created?.toString(), stored?.toString(), mimeType, revision])},`
}

function unpack(dir: Path, packed: Packed): Entry {
  const [name, size, modified] = packed
  const both = { path: join(dir, name), size: size ?? undefined }
  if (packed.length === 3) return { kind: 'dir', ...both, modified: timeOf(modified) }
  const [, , , hashes, created, stored, mimeType, revision] = packed
  return {
    kind: 'file',
    ...both,
    modified: BigInt(packed[2]),
    hashes,
    created: timeOf(created),
    stored: timeOf(stored),
    mimeType: mimeType ?? undefined,
    revision: revision ?? undefined,
  }
}

function timeOf(text: string | null): Time | undefined {
  return text === null ? undefined : BigInt(text)
}
