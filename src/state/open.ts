import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { HashMemory, RunRecord, UnfinishedFiles, Writers } from '../core/remembered.ts'
import { createHashCache } from './hashes.ts'
import { prune } from './prune.ts'
import { readRecord, recordPath, recordsBelow, writeRecord } from './record-file.ts'
import { createUnfinishedFiles } from './unfinished.ts'
import { createWriters } from './writers.ts'

/** What fjord remembers between runs: nothing that could not be found out again (decisions/0012). */
export interface State {
  readonly hashes: HashMemory
  readonly unfinished: UnfinishedFiles
  readonly writers: Writers
  /** What runs over the same places have found. */
  readonly runs: {
    get(key: string): RunRecord | undefined
    /** @throws the system's error */
    put(key: string, record: RunRecord): void
  }
  info(): StateInfo
  /** Forgets everything. */
  clear(): void
  close(): void
}

/** What is remembered, and the space it takes in bytes. */
export interface StateInfo {
  readonly path: string
  /** Directories with remembered hashes. */
  readonly directories: number
  readonly unfinished: number
  readonly bytes: number
}

/**
 * What is remembered in the folder `dir`, which is made when something is put into it. Nothing is read before it is asked for.
 * @param now milliseconds since 1970
 */
export function openState(dir: string, now: () => number): State {
  const ofWriters = join(dir, 'writers-1')
  const at = { hashes: join(dir, 'hashes-1'), unfinished: join(dir, 'unfinished-1'), runs: join(dir, 'runs-1') }
  const writers = createWriters(ofWriters)
  let hashes = createHashCache(at.hashes, now)
  return {
    hashes: { get: (...args) => hashes.get(...args), put: (...args) => hashes.put(...args) },
    unfinished: createUnfinishedFiles(at.unfinished, now),
    writers,
    runs: {
      get(key) {
        const record = readRecord(recordPath(at.runs, key))
        return isRunRecord(record) ? record : undefined
      },
      put: (key, record) => writeRecord(recordPath(at.runs, key), record),
    },
    info() {
      const [found, unfinished, runs] = [at.hashes, at.unfinished, at.runs].map(sizesBelow)
      const bytes = [found, unfinished, runs].flatMap((sizes) => sizes ?? []).reduce((sum, size) => sum + size, 0)
      return { path: dir, directories: found?.length ?? 0, unfinished: unfinished?.length ?? 0, bytes }
    },
    clear() {
      for (const part of Object.values(at)) rmSync(part, { recursive: true, force: true })
      hashes = createHashCache(at.hashes, now)
    },
    close() {
      hashes.close()
      writers.leave()
      prune([...Object.values(at), ofWriters], join(at.hashes, 'pruned'), now())
    },
  }
}

function isRunRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false
  const { files, bytes, at }: Partial<Record<keyof RunRecord, unknown>> = value
  return typeof files === 'number' && typeof bytes === 'number' && typeof at === 'number'
}

/** The sizes of the records in a folder. */
function sizesBelow(dir: string): readonly number[] {
  return recordsBelow(dir).map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
}
