import { crc32 } from 'node:zlib'
import { Refusal } from '../refusal.ts'
import { currentRevision, isVisible, pathOf, walk, type Container } from '../state/tree.ts'
import { contentKey, type World } from '../state/world.ts'

/** A file in a zip file. */
export interface ZipEntry {
  /** From the folder that is packed on, `/` between names; one that ends in `/` is a folder. */
  readonly name: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  bytes(): Iterable<Uint8Array>
}

const MOST_BYTES = 0xffff_ffff
const MOST_ENTRIES = 0xffff
const FLAGS = 0x0808 // sizes follow the bytes, names are UTF-8
const VERSION = 20

/** What lies in a live folder and below it. Refuses, with 501, what would need the 64-bit format. */
export function zipEntries(world: Readonly<World>, start: Container): readonly ZipEntry[] {
  const entries: ZipEntry[] = []
  const above = pathOf(start).length - 1
  let total = 0
  for (const container of walk(start, ({ deleted }) => deleted === undefined)) {
    const folder = `${pathOf(container).slice(above).join('/')}/`
    entries.push({ name: folder, size: 0, modified: container.modified ?? 0, bytes: () => [] })
    for (const file of [...container.files.values()].filter(isVisible)) {
      const revision = currentRevision(file)
      if (revision === undefined) continue
      const { size, modified } = revision
      total += size
      const bytes = (): Iterable<Uint8Array> => world.blobs.read(contentKey(revision), 0, size)
      entries.push({ name: folder + file.name, size, modified, bytes })
    }
  }
  if (total > MOST_BYTES || entries.length > MOST_ENTRIES) {
    throw new Refusal(501, undefined, 'The emulator packs at most 4 GiB and 65535 entries')
  }
  return entries
}

/** A zip file of entries that are stored as they are. */
export function* zipBytes(entries: readonly ZipEntry[]): Generator<Uint8Array> {
  const directory: Buffer[] = []
  let position = 0
  for (const entry of entries) {
    const start = position
    const head = fields([0x0403_4b50, 4], [VERSION, 2], ...common(entry, 0, 0), [0, 2])
    const name = Buffer.from(entry.name)
    yield Buffer.concat([head, name])
    let crc = 0
    for (const chunk of entry.bytes()) {
      crc = crc32(chunk, crc)
      yield chunk
    }
    yield fields([0x0807_4b50, 4], [crc, 4], [entry.size, 4], [entry.size, 4])
    position += head.byteLength + name.byteLength + entry.size + 16
    directory.push(directoryEntry(entry, crc, start))
  }
  const length = directory.reduce((sum, { byteLength }) => sum + byteLength, 0)
  yield* directory
  const count = directory.length
  yield fields([0x0605_4b50, 4], [0, 4], [count, 2], [count, 2], [length, 4], [position, 4], [0, 2])
}

function directoryEntry(entry: ZipEntry, crc: number, start: number): Buffer {
  const head = fields(
    [0x0201_4b50, 4],
    [VERSION, 2],
    [VERSION, 2],
    ...common(entry, crc, entry.size),
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [entry.name.endsWith('/') ? 0x10 : 0, 4],
    [start, 4],
  )
  return Buffer.concat([head, Buffer.from(entry.name)])
}

type Field = readonly [value: number, bytes: 2 | 4]

// Flags, method (stored), time, date, checksum, both sizes, length of the name.
function common({ name, modified }: ZipEntry, crc: number, size: number): Field[] {
  const { time, date } = dosTime(modified)
  const length = Buffer.byteLength(name)
  return [
    [FLAGS, 2],
    [0, 2],
    [time, 2],
    [date, 2],
    [crc, 4],
    [size, 4],
    [size, 4],
    [length, 2],
  ]
}

function dosTime(ms: number): { time: number; date: number } {
  const at = new Date(Math.min(Math.max(ms, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31)))
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return { time, date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate() }
}

function fields(...all: readonly Field[]): Buffer {
  const buffer = Buffer.alloc(all.reduce((sum, [, bytes]) => sum + bytes, 0))
  let at = 0
  for (const [value, bytes] of all) at = buffer.writeUIntLE(value >>> 0, at, bytes)
  return buffer
}
