import { Buffer } from 'node:buffer'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { comparePaths, parent } from '../core/path.ts'
import type { ListOptions, Location } from '../core/remote.ts'
import type { Lister } from '../operations/list-dir.ts'

/** A lister that has to be closed. */
export interface SpooledLister {
  readonly list: Lister
  /** Removes what lies on the disk. */
  close(): void
}

/** How many characters of entries may wait in memory before they are written. */
const fullBuffer = 4 * 1024 * 1024

/**
 * Lists a tree with one recursive listing, which comes in any order, and gives it directory by directory: the entries wait in
 * a file, and memory holds where those of each directory are. It is listed when it is first asked for.
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
      const entries = (await loading).read(dir)
      return [...entries].sort((a, b) => comparePaths(a.path, b.path))
    },
    close: () => spool?.close(),
  }
}

interface Spool {
  add(entry: Entry): void
  end(): void
  read(dir: Path): readonly Entry[]
  close(): void
}

function createSpool(tempDir: string): Spool {
  const folder = makeFolder(tempDir)
  const fd = openSync(join(folder, 'entries'), 'w+', 0o600)
  /** For each directory: where its pieces begin and how long they are, in turns. */
  const places = new Map<Path, number[]>()
  let waiting = new Map<Path, Entry[]>()
  let [size, offset] = [0, 0]

  const flush = (): void => {
    for (const [dir, entries] of waiting) {
      const bytes = Buffer.from(JSON.stringify(entries, encode))
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, offset + at)
      const place = places.get(dir)
      if (place) place.push(offset, bytes.length)
      else places.set(dir, [offset, bytes.length])
      offset += bytes.length
    }
    waiting = new Map()
    size = 0
  }
  return {
    add(entry) {
      const dir = parent(entry.path)
      const siblings = waiting.get(dir)
      if (siblings) siblings.push(entry)
      else waiting.set(dir, [entry])
      size += entry.path.length + 200
      if (size >= fullBuffer) flush()
    },
    end: flush,
    read(dir) {
      const place = places.get(dir) ?? []
      // Each directory is read once
      places.delete(dir)
      const entries: Entry[] = []
      for (let i = 0; i < place.length; i += 2) entries.push(...readPiece(fd, place[i] ?? 0, place[i + 1] ?? 0))
      return entries
    },
    close() {
      closeSync(fd)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function makeFolder(tempDir: string): string {
  try {
    return mkdtempSync(join(tempDir, 'fjord-list-'))
  } catch (cause) {
    const details = { hint: 'Choose another folder for temporary files with --temp-dir, or leave out --fast-list.' }
    throw new StorageError('io', `the listing cannot be kept in ${tempDir}: ${messageOf(cause)}`, { cause, details })
  }
}

function readPiece(fd: number, offset: number, length: number): readonly Entry[] {
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length;) {
    const count = readSync(fd, bytes, at, length - at, offset + at)
    if (count === 0) throw new StorageError('io', 'the list of files was cut short')
    at += count
  }
  // It is what was written here
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(bytes.toString(), decode) as readonly Entry[]
}

const times: ReadonlySet<string> = new Set(['modified', 'created', 'stored'])

function encode(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

function decode(key: string, value: unknown): unknown {
  return times.has(key) && typeof value === 'string' ? BigInt(value) : value
}
