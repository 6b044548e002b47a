import type { FileEntry } from '../../core/entry.ts'
import type { Hashes, HashType } from '../../core/hash.ts'
import { hashTypes } from '../../core/hash.ts'
import { findMetadata, timesIn } from '../../core/metadata.ts'
import { openHasher } from '../../core/open-hasher.ts'
import type { Path } from '../../core/path.ts'
import type { WriteOptions } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import type { Place } from './place.ts'
import { fileEntry, kept } from './place.ts'
import { failure } from './tree.ts'

/** `Remote.write`: reads the whole source first and puts it into the tree in one step. */
export async function write(place: Place, path: Path, source: Source, options: WriteOptions = {}): Promise<FileEntry> {
  options.signal?.throwIfAborted()
  refuse(place, path)
  const given = timesIn(await findMetadata(options.metadata, path))
  const content = await collect(watched(source, options))
  const hashes = await hashesOf(content, place.facts.hashes)
  verify(path, source, { size: content.length, hashes })
  options.signal?.throwIfAborted()
  refuse(place, path)
  place.tree.makeParent(path, 'write')
  const stored = place.now()
  const wanted = given.modified ?? source.modified ?? stored
  const modified = kept(place, place.facts.timePrecision === undefined ? stored : wanted)
  const created = kept(place, given.created ?? options.created ?? modified)
  const node = { kind: 'file', content, hashes, modified, created, stored, revision: place.nextRevision() } as const
  return fileEntry({ path: place.tree.put(path, node), node })
}

function refuse({ tree }: Place, path: Path): void {
  if (tree.find(path)?.node.kind === 'dir') throw failure('is-dir', 'write', path, 'is a directory')
}

/** The source's bytes, copied: a chunk that its consumer changes later must not change the file. */
async function* watched(source: Source, { signal, onProgress }: WriteOptions): AsyncIterable<Uint8Array> {
  let position = 0
  for await (const chunk of source.stream({}, { signal })) {
    signal?.throwIfAborted()
    yield Uint8Array.from(chunk)
    position += chunk.length
    onProgress?.(position)
  }
}

async function hashesOf(content: Uint8Array, types: readonly HashType[]): Promise<Hashes> {
  const hashes: Partial<Record<HashType, string>> = {}
  for (const type of types) {
    const hasher = await openHasher(type)
    hasher.update(content)
    hashes[type] = hasher.digest()
  }
  return hashes
}

function verify(path: Path, source: Source, actual: { readonly size: number; readonly hashes: Hashes }): void {
  if (source.size !== undefined && source.size !== actual.size)
    throw failure('corrupt', 'write', path, `sizes differ: ${source.size} promised, ${actual.size} read`)
  for (const type of hashTypes) {
    const promised = source.known[type] ?? actual.hashes[type]
    const hash = actual.hashes[type] ?? promised
    if (promised !== hash)
      throw failure('corrupt', 'write', path, `${type} hashes differ: ${promised} promised, ${hash} read`)
  }
}
