import { randomBytes, randomUUID } from 'node:crypto'
import { apply } from './apply.ts'
import type { Change } from './changes.ts'
import { diskBlobs } from './disk-blobs.ts'
import { dump } from './dump.ts'
import { openJournal, type Journal } from './journal.ts'
import { memoryBlobs } from './memory-blobs.ts'
import { newWorld, type World } from './world.ts'

/** The state of the emulator and the one way to change it. */
export interface Store {
  readonly world: Readonly<World>
  /** Milliseconds since 1970 by the emulator's clock. */
  now(): number
  /** Writes a change to the journal, if there is one, and carries it out. */
  commit(change: Change): void
  /** Commits many changes with few writes. */
  commitAll(changes: Iterable<Change>): void
  close(): void
}

const BATCH = 1000
// A journal with fewer lines than this is not worth a snapshot.
const WORTH_COMPACTING = 1000

/** Opens the state in a folder, or makes one in memory, with an account if there is none yet. */
export function openStore(stateDir: string | undefined, now: () => number): Store {
  const world = newWorld(stateDir === undefined ? memoryBlobs() : diskBlobs(stateDir))
  const journal = stateDir === undefined ? undefined : openState(stateDir, world)
  const store: Store = {
    world,
    now,
    commit(change) {
      journal?.append([JSON.stringify(change)])
      apply(world, change)
    },
    commitAll(changes) {
      for (const batch of batches(changes)) {
        journal?.append(batch.map((change) => JSON.stringify(change)))
        for (const change of batch) apply(world, change)
      }
    },
    close: () => journal?.close(),
  }
  if (world.username === '') store.commitAll(newAccount())
  return store
}

function openState(stateDir: string, world: World): Journal {
  world.replaying = true
  const journal = openJournal(stateDir, (line) => apply(world, parseChange(line)))
  world.replaying = false
  world.blobs.keepOnly(world.contents, world.uploads)
  if (journal.lines > WORTH_COMPACTING) compact(journal, world)
  return journal
}

function compact(journal: Journal, world: World): void {
  function* lines(): Generator<string> {
    for (const change of dump(world)) yield JSON.stringify(change)
  }
  journal.rewrite(lines())
}

function parseChange(line: string): Change {
  const change: unknown = JSON.parse(line)
  if (!isChange(change)) throw new Error('the journal holds a line that is no change')
  return change
}

// The journal is written by this program only; its lines are trusted but for a file that is something else.
function isChange(value: unknown): value is Change {
  return typeof value === 'object' && value !== null && 'op' in value && typeof value.op === 'string'
}

function* batches(changes: Iterable<Change>): Generator<Change[]> {
  let batch: Change[] = []
  for (const change of changes) {
    if (batch.push(change) < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

// docs/protocol.md §4.8: Latest, Shared, Trash and Links are views, not mountpoints of their own.
function newAccount(): Change[] {
  return [
    { op: 'account', username: `u${randomBytes(12).toString('hex')}`, secret: randomBytes(32).toString('hex') },
    { op: 'device', name: 'Jotta', type: 'JOTTA', sid: randomUUID() },
    { op: 'folder', path: ['Jotta', 'Archive'] },
    { op: 'folder', path: ['Jotta', 'Sync'] },
  ]
}
