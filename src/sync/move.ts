import type { Context } from '../core/context.ts'
import { isStorageError, messageOf } from '../core/errors.ts'
import { looseKey } from '../core/names.ts'
import { join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { createFailures } from '../operations/failures.ts'
import { openGate } from '../operations/gate.ts'
import { nameOfFile } from './naming.ts'
import type { OneFile } from './one-file.ts'
import { copyOneFile } from './one-file.ts'
import type { MoveOptions } from './options.ts'
import { levelsOf } from './options.ts'
import { checkBackupDir, refuseOverlap, samePlace } from './overlap.ts'
import { reaches } from './server-side.ts'
import { nothingToDo, syncTrees } from './trees.ts'

/**
 * Moves what is below `source` into `dest`: in one go where both are one account that can and nothing is there yet, else
 * file by file. A file leaves the source when the destination has it whole, verified and safe (rclone's surface §5.5).
 * @throws StorageError 'fatal' for places that overlap; as `copyDir`
 */
export async function moveDir(ctx: Context, source: Location, dest: Location, o: MoveOptions = {}): Promise<void> {
  if (samePlace(source, dest)) {
    if (isRespelling(source, dest) && (await movedAtOnce(ctx, { source, dest }, o))) return
    return nothingToDo(ctx, dest)
  }
  refuseOverlap(source, dest, o)
  if (o.backupDir) checkBackupDir({ source, dest, backup: o.backupDir }, o.filter)
  if (await movedAtOnce(ctx, { source, dest }, o)) return
  await syncTrees(ctx, { source, dest, move: true, deletion: undefined }, o)
}

/**
 * Moves one file, as {@link moveDir} does.
 * @param source `file`: its name in the directory `path`
 * @param dest `file`: the name there, where it is not the source's; before `nameTransform`
 * @throws StorageError 'not-found', 'is-dir'
 */
export async function moveFile(
  ctx: Context,
  source: OneFile,
  dest: Location & { readonly file?: string | undefined },
  o: MoveOptions = {},
): Promise<void> {
  const from = { remote: source.remote, path: join(source.path, source.file) }
  const file = await nameOfFile(ctx, dest.file ?? source.file, o)
  const to = { remote: dest.remote, path: join(dest.path, file) }
  // A change of case or of the Unicode form alone is a renaming, though both names are one place
  if (samePlace(from, to) && (from.remote !== to.remote || from.path === to.path)) return
  await copyOneFile(ctx, source, { ...dest, file }, { ...o, move: true })
}

/** Whether the name is to be written in another way, no more. */
function isRespelling(source: Location, dest: Location): boolean {
  return source.remote === dest.remote && source.path !== dest.path && looseKey(source.path) === looseKey(dest.path)
}

async function movedAtOnce(
  ctx: Context,
  { source, dest }: { readonly source: Location; readonly dest: Location },
  o: MoveOptions,
): Promise<boolean> {
  const { remote } = dest
  const whole = o.filter?.active !== true && levelsOf(o) === Infinity && !o.nameTransform
  if (!remote.moveDir || !whole || source.path === '' || dest.path === '' || !reaches(source, remote)) return false
  const object = remote.facts(dest.path).description
  const say = (text: string): void => ctx.log.log({ level: 'INFO', object, text })
  if ((await (o.gate ?? openGate)({ action: 'server-side directory move', object })) !== 'do') return true
  try {
    await remote.moveDir(source.path, dest.path, { signal: ctx.signal })
    say('Server side directory move succeeded')
    return true
  } catch (error) {
    // What the walk will find missing it tells of itself
    if (isStorageError(error, 'dir-not-found') && error.details.system === undefined) return false
    if (!isStorageError(error, 'exists', 'unsupported')) return refused(ctx, error, object)
    const why = error.code === 'exists' ? "can't copy directory - destination already exists" : messageOf(error)
    say(`Server side directory move failed - fallback to file moves: ${why}`)
    return false
  }
}

function refused(ctx: Context, error: unknown, object: string): never {
  createFailures(ctx).add('', 'Server side directory move failed', error, object)
  throw error
}
