import { apply } from './apply.ts'
import type { Change } from './changes.ts'
import { diskBlobs } from './disk-blobs.ts'
import { dump } from './dump.ts'
import { openJournal, type Journal } from './journal.ts'
import { JournalError } from './journal-error.ts'
import { newWorld } from './new-world.ts'
import { walk } from './tree.ts'
import type { World } from './world.ts'

/** A state that was read from its folder, and the journal that goes on with it. */
export interface OpenState {
  readonly world: World
  readonly journal: Journal
}

// A snapshot is worth its while if it leaves out at least this many lines, and half of all.
const WORTH_COMPACTING = 1000

/**
 * Reads the state in a folder. What a killed process left half-written at the end is cut off; bytes that nothing
 * refers to are cleared away, but only if there is a journal that says so.
 * @throws JournalError if the journal is of a newer version, damaged in its middle, or gone although contents are there
 */
export function openState(stateDir: string, onWarning: (message: string) => void): OpenState {
  const world = newWorld(diskBlobs(stateDir))
  world.replaying = true
  const journal = openJournal(stateDir, (line) => apply(world, parseChange(line)), onWarning)
  world.replaying = false
  try {
    if (journal.lines === 0 && world.blobs.count() > 0) {
      const message = `${stateDir} holds contents, but its journal is missing or empty: put it back, or use another folder`
      throw new JournalError('missing', message)
    }
    world.blobs.keepOnly(world.contents, world.uploads)
    if (journal.lines > WORTH_COMPACTING + 2 * sizeOfSnapshot(world)) compact(journal, world)
    return { world, journal }
  } catch (error) {
    journal.close()
    throw error
  }
}

// How many lines a snapshot would have, near enough.
function sizeOfSnapshot(world: World): number {
  let lines = world.uploads.size + world.blobs.generated.size
  for (const device of world.devices.values()) {
    for (const mountpoint of device.mountpoints.values()) {
      for (const container of walk(mountpoint)) lines += 1 + container.files.size
    }
  }
  return lines
}

function compact(journal: Journal, world: World): void {
  function* lines(): Generator<string> {
    for (const change of dump(world)) yield JSON.stringify(change)
  }
  journal.rewrite(lines())
}

function parseChange(line: string): Change {
  const change: unknown = JSON.parse(line)
  if (!isChange(change)) throw new Error('the line is no change')
  return change
}

// The journal is written by this program only: its lines are trusted but for a file that is something else.
function isChange(value: unknown): value is Change {
  return typeof value === 'object' && value !== null && 'op' in value && typeof value.op === 'string'
}
