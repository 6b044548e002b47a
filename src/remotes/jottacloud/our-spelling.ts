import { isStorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Drive } from './drive.ts'
import { lookUp } from './stat.ts'

/** Runs a change at a path. */
export type InOurSpelling = <T>(path: Path, options: CallOptions | undefined, run: () => Promise<T>) => Promise<T>

/**
 * A name that another program has spelled its own way may be one that the service gives to nothing new, nor lets anything be
 * put below: where it refuses a change for it, the names on the way are changed to our spelling, and the change is run again.
 */
export function createRespelling(drive: Drive): InOurSpelling {
  let turn: Promise<unknown> = Promise.resolve()
  let changes = 0
  return async (path, options, run) => {
    const before = changes
    try {
      return await run()
    } catch (error) {
      if (!isStorageError(error, 'invalid-name')) throw error
      // one at a time, for what is changed at once often lies in one directory
      const mine = turn.then(async () => (changes += await respellWay(drive, path, options ?? {})))
      turn = mine.catch(() => undefined)
      if ((await mine) === before) throw error
      return run()
    }
  }
}

/** How many names on the way were changed. */
async function respellWay(drive: Drive, path: Path, options: CallOptions): Promise<number> {
  let changed = 0
  for (const one of drive.spellings.oddWay(path)) {
    if (one !== path && (await takesChanges(drive, one, options))) continue
    if (await respellOne(drive, one, options)) changed++
  }
  return changed
}

/** Whether the service objects to the name of a directory that is there: making it again changes nothing. */
async function takesChanges(drive: Drive, path: Path, { signal }: CallOptions): Promise<boolean> {
  const call = { operation: 'mkdir', path, stored: drive.spellings.stored(path), query: { mkDir: 'true' }, signal }
  try {
    await (await drive.jfs.command(call)).discard()
    return true
  } catch (error) {
    if (!isStorageError(error, 'invalid-name')) throw error
    return false
  }
}

async function respellOne(drive: Drive, path: Path, options: CallOptions): Promise<boolean> {
  const item = await lookUp(drive, path, options)
  const target = drive.spellings.ours(path)
  if (!item || item.deleted || (await isTaken(drive, path, target, options))) return false
  const slash = item.kind === 'dir'
  const verb = slash ? 'mvDir' : 'mv'
  const stored = drive.spellings.stored(path)
  const call = {
    operation: 'move',
    path,
    stored,
    verb,
    target,
    slash,
    repeatable: false,
    signal: options.signal,
  } as const
  await (await drive.jfs.transfer(call)).discard()
  drive.spellings.moved(path, path)
  return true
}

/** Also by something in the trash, which a move might replace for good. */
async function isTaken(drive: Drive, path: Path, stored: string, { signal }: CallOptions): Promise<boolean> {
  try {
    await (await drive.jfs.get({ operation: 'stat', path, stored, signal })).discard()
    return true
  } catch (error) {
    if (!isStorageError(error, 'not-found')) throw error
    return false
  }
}
