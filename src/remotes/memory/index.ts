import type { HashType } from '../../core/hash.ts'
import type { Remote } from '../../core/remote.ts'
import type { Facts } from '../../core/facts.ts'
import type { Time } from '../../core/time.ts'
import { formatRfc3339, timeFrom } from '../../core/time.ts'
import type { RemoteDefinition } from '../../options/remote-definition.ts'
import { changeMembers } from './change.ts'
import { metadataItems, metadataOf } from './metadata.ts'
import type { Place } from './place.ts'
import { entryOf } from './place.ts'
import { readMembers } from './read.ts'
import type { FileNode, Node } from './tree.ts'
import { createTree, failure } from './tree.ts'
import { write } from './write.ts'

export interface MemoryOptions {
  /** Default 'memory'. */
  readonly name?: string
  /** Nanoseconds; 'none' for a place that keeps no times. Default 1n. */
  readonly timePrecision?: Time | 'none'
  /** Default false. */
  readonly caseInsensitive?: boolean
  /** What is computed for every file. Default MD5 alone. */
  readonly hashes?: readonly HashType[]
  /** Entries in one page of a listing. Default 1000. */
  readonly pageSize?: number
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
}

/** An empty remote in memory with every capability; what it holds is gone with the object. */
export function createMemoryRemote(options: MemoryOptions = {}): Remote {
  const name = options.name ?? 'memory'
  const place = createPlace(options)
  const account = `memory:${++created}`
  const { setTimes, setMetadata, ...changes } = changeMembers(place)
  return {
    name,
    type: 'memory',
    facts: (path) => ({ ...place.facts, description: `memory root '${path}'` }),
    identity: (path) => ({ account, path: place.tree.key(path) }),
    ...readMembers(place),
    write: (path, source, writeOptions) => write(place, path, source, writeOptions),
    ...changes,
    ...(place.facts.timePrecision === undefined ? {} : { setTimes, setMetadata }),
    async hash(entry, type, { signal } = {}) {
      signal?.throwIfAborted()
      return place.tree.file(entry.path, 'hash').node.hashes[type]
    },
    async metadata(entry, { signal } = {}) {
      signal?.throwIfAborted()
      const found = place.tree.find(entry.path)
      if (!found) throw failure('not-found', 'metadata', entry.path, 'not found')
      const now = entryOf(found)
      return now.kind === 'file' ? metadataOf(now) : { mtime: formatRfc3339(found.node.modified, 9) }
    },
    async about(path, { signal } = {}) {
      signal?.throwIfAborted()
      place.tree.dir(path, 'about')
      const files = [...filesOf(place.tree.dir('', 'about').node)]
      return { used: files.reduce((sum, file) => sum + file.content.length, 0), objects: files.length }
    },
  }
}

/** Memory as a kind of remote for connection strings (`:memory:`); every opening starts empty. */
export const memoryDefinition: RemoteDefinition = {
  type: 'memory',
  summary: 'In memory, for trying things out; gone when the program ends',
  options: {},
  open: (name, _options, env) => Promise.resolve(createMemoryRemote({ name, now: env.now })),
}

let created = 0

function createPlace(options: MemoryOptions): Place {
  const { caseInsensitive = false, hashes = ['md5'], pageSize = 1000, now: milliseconds = Date.now } = options
  const precision = options.timePrecision ?? 1n
  const now = (): Time => timeFrom(milliseconds())
  const facts: Omit<Facts, 'description'> = {
    hashes,
    timePrecision: precision === 'none' ? undefined : precision,
    caseInsensitive,
    emptyDirs: true,
    dirTimes: precision !== 'none',
    slowHash: false,
    partialUploads: false,
    metadata: precision === 'none' ? [] : metadataItems,
    dirMetadata: precision !== 'none',
  }
  let revision = 0
  return { tree: createTree({ caseInsensitive }, now), facts, pageSize, now, nextRevision: () => String(++revision) }
}

function* filesOf(node: Node): Iterable<FileNode> {
  if (node.kind === 'file') yield node
  else for (const child of node.children.values()) yield* filesOf(child.node)
}
