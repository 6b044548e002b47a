import type { HashType } from '../core/hash.ts'
import { hashTypes } from '../core/hash.ts'
import { basename, parent } from '../core/path.ts'
import type { FileIdentity, HashMemory } from '../core/remembered.ts'
import type { Time } from '../core/time.ts'
import { second } from '../core/time.ts'
import { keptDays, millisecondsOfDay } from './prune.ts'
import { readRecord, recordPath, writeRecord } from './record-file.ts'

/** A file that was changed so shortly before it was read may change again with no trace in its times. */
const settled: Time = 2n * second
/** How many directories are kept in memory. */
const keptDirs = 64

/** The hash cache: a record for each directory. */
export interface HashCache extends HashMemory {
  /** Writes what is new and forgets, in what it writes, what was of no use for long. */
  close(): void
}

interface Entry {
  /** Device, inode, size, time of modification and of change: any other makes it worthless. */
  readonly fits: string
  readonly hashes: Readonly<Record<string, string>>
  /** The day (since 1970) on which it was last of use. */
  readonly day: number
}

interface Dir {
  readonly entries: Map<string, Entry>
  readonly changed: Set<string>
}

/**
 * @param root the folder of the records
 * @param now milliseconds since 1970
 */
export function createHashCache(root: string, now: () => number): HashCache {
  const dirs = new Map<string, Dir>()
  const today = (): number => Math.floor(now() / millisecondsOfDay)
  const save = (path: string, dir: Dir): void => {
    if (dir.changed.size > 0) saveDir(recordPath(root, path), dir, today() - keptDays)
  }
  const dirOf = (path: string): Dir => {
    const found = dirs.get(path) ?? { entries: readEntries(recordPath(root, path)), changed: new Set() }
    dirs.delete(path)
    dirs.set(path, found)
    for (const [oldest, dir] of dirs) {
      if (dirs.size <= keptDirs) break
      dirs.delete(oldest)
      save(oldest, dir)
    }
    return found
  }
  const set = (file: FileIdentity, hashes: Entry['hashes']): void => {
    const dir = dirOf(parent(file.path))
    dir.entries.set(basename(file.path), { fits: fitOf(file), hashes, day: today() })
    dir.changed.add(basename(file.path))
  }
  const find = (file: FileIdentity): Entry | undefined => {
    const entry = dirOf(parent(file.path)).entries.get(basename(file.path))
    return entry?.fits === fitOf(file) ? entry : undefined
  }
  return {
    get(file, type) {
      const entry = find(file)
      if (entry && entry.day < today()) set(file, entry.hashes)
      return entry?.hashes[type]
    },
    put(file, found, readAt) {
      const changed = file.modified > file.changed ? file.modified : file.changed
      if (readAt - changed < settled) return
      const known = hashTypes.flatMap((type: HashType) => (found[type] === undefined ? [] : [[type, found[type]]]))
      set(file, { ...find(file)?.hashes, ...Object.fromEntries(known) })
    },
    close() {
      for (const [path, dir] of dirs) save(path, dir)
      dirs.clear()
    },
  }
}

function fitOf({ device, inode, size, modified, changed }: FileIdentity): string {
  return [device, inode, size, modified, changed].join(' ')
}

function readEntries(path: string): Map<string, Entry> {
  const record = readRecord(path)
  const entries = new Map<string, Entry>()
  if (typeof record !== 'object' || record === null) return entries
  for (const [name, entry] of Object.entries(record)) if (isEntry(entry)) entries.set(name, entry)
  return entries
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false
  const { fits, hashes, day }: Partial<Record<keyof Entry, unknown>> = value
  return typeof fits === 'string' && typeof hashes === 'object' && hashes !== null && typeof day === 'number'
}

/** What another process has written meanwhile is kept beside what is new here. What cannot be saved is read anew. */
function saveDir(path: string, { entries, changed }: Dir, oldest: number): void {
  const merged = new Map(readEntries(path))
  for (const name of changed) {
    const entry = entries.get(name)
    if (entry) merged.set(name, entry)
  }
  for (const [name, { day }] of merged) if (day < oldest) merged.delete(name)
  try {
    writeRecord(path, Object.fromEntries(merged))
  } catch {
    // The disk is full or may not be written to: then nothing is remembered
  }
}
