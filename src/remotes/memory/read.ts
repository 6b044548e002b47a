import type { Entry, FileEntry } from '../../core/entry.ts'
import { join } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import { sliceRange } from '../../core/source.ts'
import type { Place } from './place.ts'
import { entryOf, fileEntry } from './place.ts'
import type { DirNode, Found } from './tree.ts'
import { failure } from './tree.ts'

const chunkSize = 64 * 1024

/** The members of a memory remote that only look. */
export function readMembers(place: Place): Pick<Remote, 'list' | 'listAll' | 'stat' | 'open'> {
  return {
    async *list(dir, { signal } = {}) {
      signal?.throwIfAborted()
      yield* pages([...children(place.tree.dir(dir, 'list'))].map(entryOf), place.pageSize, signal)
    },
    async *listAll(dir, { signal } = {}) {
      signal?.throwIfAborted()
      yield* pages([...descendants(place.tree.dir(dir, 'list'))].map(entryOf), place.pageSize, signal)
    },
    async stat(path, { signal } = {}) {
      signal?.throwIfAborted()
      const found = place.tree.find(path)
      return found && entryOf(found)
    },
    async open(path, { revision, expect, signal } = {}) {
      signal?.throwIfAborted()
      const found = place.tree.file(path, 'open')
      const entry = fileEntry(found)
      if (revision !== undefined && revision !== entry.revision)
        throw failure('not-found', 'open', path, `no revision ${revision}`)
      if (expect && !sameContent(entry, expect)) throw failure('changed', 'open', path, 'the file has changed')
      return {
        entry,
        async *stream(range = {}, options = {}) {
          const bytes = sliceRange(found.node.content, range)
          for (let at = 0; at < bytes.length; at += chunkSize) {
            ;(options.signal ?? signal)?.throwIfAborted()
            yield bytes.slice(at, at + chunkSize)
          }
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }
    },
  }
}

async function* pages(entries: readonly Entry[], size: number, signal: AbortSignal | undefined) {
  for (let at = 0; at < entries.length; at += size) {
    signal?.throwIfAborted()
    yield entries.slice(at, at + size)
  }
}

function* children(dir: Found<DirNode>): Iterable<Found> {
  for (const { name, node } of dir.node.children.values()) yield { path: join(dir.path, name), node }
}

function* descendants(dir: Found<DirNode>): Iterable<Found> {
  for (const { path, node } of children(dir)) {
    yield { path, node }
    if (node.kind === 'dir') yield* descendants({ path, node })
  }
}

function sameContent(now: FileEntry, seen: FileEntry): boolean {
  if (seen.revision !== undefined) return seen.revision === now.revision
  return seen.size === now.size && seen.modified === now.modified
}
