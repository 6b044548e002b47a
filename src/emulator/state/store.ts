import { randomBytes, randomUUID } from 'node:crypto'
import { apply } from './apply.ts'
import type { Change } from './changes.ts'
import { memoryBlobs } from './memory-blobs.ts'
import { DEFAULT_NAMING, type Naming } from './naming.ts'
import { newWorld } from './new-world.ts'
import { openState } from './open-state.ts'
import { checkRename } from './rename.ts'
import { FORMAT } from './journal-error.ts'
import type { World } from './world.ts'

/** Is told of a change before it is carried out; what it gives is called afterwards. */
export type Watcher = (change: Change) => (() => void) | undefined

/** The state of the emulator and the one way to change it. */
export interface Store {
  readonly world: Readonly<World>
  /** Milliseconds since 1970 by the emulator's clock. */
  now(): number
  /** Writes a change to the journal, if there is one, and carries it out. */
  commit(change: Change): void
  /** Commits many changes with few writes. */
  commitAll(changes: Iterable<Change>): void
  /** From now on one watcher sees all changes. */
  watch(watcher: Watcher): void
  close(): void
}

/** How a store is opened. */
export interface StoreOptions {
  /** A folder for the state; in memory without it. */
  readonly stateDir?: string | undefined
  readonly now: () => number
  readonly naming?: Naming
  /** Is told what had to be left behind of a damaged state. */
  readonly onWarning?: ((message: string) => void) | undefined
}

const BATCH = 1000

/**
 * Opens the state in a folder, or makes one in memory, with an account if there is none yet.
 * @throws JournalError if the folder holds something that cannot be read
 */
export function openStore({ stateDir, now, naming = DEFAULT_NAMING, onWarning }: StoreOptions): Store {
  const { world, journal } =
    stateDir === undefined
      ? { world: newWorld(memoryBlobs()), journal: undefined }
      : openState(stateDir, onWarning ?? (() => undefined))
  let watcher: Watcher | undefined
  const carryOut = (change: Change): void => {
    const after = watcher?.(change)
    apply(world, change)
    after?.()
  }
  const store: Store = {
    world,
    now,
    commit(change) {
      journal?.append([JSON.stringify(change)])
      carryOut(change)
    },
    commitAll(changes) {
      for (const batch of batches(changes)) {
        journal?.append(batch.map((change) => JSON.stringify(change)))
        for (const change of batch) carryOut(change)
      }
    },
    watch(next) {
      watcher = next
    },
    close: () => journal?.close(),
  }
  if (world.username === '') store.commitAll(newAccount())
  try {
    setNaming(store, naming)
  } catch (error) {
    store.close()
    throw error
  }
  return store
}

/**
 * Looks names up by other rules from now on.
 * @throws JournalError if two names would then be the same
 */
export function setNaming(store: Store, naming: Naming): void {
  const now = store.world.naming
  const isSame =
    now.caseFolding === naming.caseFolding &&
    now.normalisation === naming.normalisation &&
    now.trashedSpelling === naming.trashedSpelling
  if (isSame) return
  checkRename(store.world, naming)
  store.commit({ op: 'naming', naming })
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
    { op: 'format', version: FORMAT },
    { op: 'account', username: `u${randomBytes(12).toString('hex')}`, secret: randomBytes(32).toString('hex') },
    { op: 'device', name: 'Jotta', type: 'JOTTA', sid: randomUUID() },
    { op: 'folder', path: ['Jotta', 'Archive'] },
    { op: 'folder', path: ['Jotta', 'Sync'] },
  ]
}
