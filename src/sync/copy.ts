import type { Context } from '../core/context.ts'
import { join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { nameOfFile } from './naming.ts'
import type { OneFile } from './one-file.ts'
import { copyOneFile } from './one-file.ts'
import type { CopyOptions } from './options.ts'
import { checkBackupDir, samePlace } from './overlap.ts'
import { nothingToDo, syncTrees } from './trees.ts'

/**
 * Copies what is missing or different below `source` into `dest`; nothing is deleted. A file that fails is logged and
 * reported, and the others go on. A destination that is missing is made when something is put into it.
 * @throws StorageError the last of the errors that were reported; 'dir-not-found' where the source is missing; 'fatal' for a
 * backup directory that overlaps with either
 */
export async function copyDir(ctx: Context, source: Location, dest: Location, o: CopyOptions = {}): Promise<void> {
  if (samePlace(source, dest)) return nothingToDo(ctx, dest)
  if (o.backupDir) checkBackupDir({ source, dest, backup: o.backupDir }, o.filter)
  await syncTrees(ctx, { source, dest, move: false, deletion: undefined }, o)
}

/**
 * Copies one file into the directory `dest`, under its own name or another, where it is missing or different there.
 * @param source `file`: its name in the directory `path`
 * @param dest `file`: the name there, where it is not the source's; before `nameTransform`
 * @throws StorageError 'not-found' where there is no such file; 'is-dir' where a directory has the name
 */
export async function copyFile(
  ctx: Context,
  source: OneFile,
  dest: Location & { readonly file?: string | undefined },
  o: CopyOptions = {},
): Promise<void> {
  const file = await nameOfFile(ctx, dest.file ?? source.file, o)
  const to = { remote: dest.remote, path: join(dest.path, file) }
  if (samePlace({ remote: source.remote, path: join(source.path, source.file) }, to)) return
  await copyOneFile(ctx, source, { ...dest, file }, { ...o, move: false })
}
