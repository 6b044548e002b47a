import type { Context } from '../core/context.ts'
import { isStorageError, StorageError } from '../core/errors.ts'
import { join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { again, createFailures } from '../operations/failures.ts'
import { listOne } from '../operations/list-one.ts'
import type { MoveOptions } from './options.ts'
import { checkBackupDir, samePlace } from './overlap.ts'
import type { FilePair } from './pair.ts'
import { noDirTimes } from './policies/dir-times.ts'
import { runPass, withinDuration } from './run.ts'
import { createTransferLimit } from './transfer-limit.ts'

/**
 * Copies or moves one file where it is missing or different at the destination.
 * @throws StorageError 'not-found', 'is-dir'; the error that it failed with
 */
export async function copyOneFile(
  ctx: Context,
  source: Location & { readonly file: string },
  dest: Location & { readonly file?: string | undefined },
  o: MoveOptions & { readonly move: boolean },
): Promise<void> {
  const from = { remote: source.remote, path: join(source.path, source.file) }
  const to = { remote: dest.remote, path: join(dest.path, dest.file ?? source.file) }
  if (o.backupDir) checkBackupDir({ source, dest, backup: o.backupDir }, undefined)
  const { description } = dest.remote.facts(dest.path)
  await withinDuration(ctx, { ...o, description }, async (within) => {
    const failures = createFailures(within)
    const pairs = lookAtFile(within, from, to, { name: source.file, noCheckDest: o.noCheckDest === true })
    const limit = createTransferLimit(o)
    const pass = { source, dest, failures, dirTimes: noDirTimes, move: o.move, limit, single: true }
    await runPass(within, pairs, pass, o)
    if (failures.count === 0) return
    // rclone counts this one twice for a single file
    throw isStorageError(failures.last, 'transfer-limit') && failures.last.retry === 'never'
      ? again(failures.last)
      : failures.last
  })
}

async function* lookAtFile(
  ctx: Context,
  from: Location,
  to: Location,
  o: { readonly name: string; readonly noCheckDest: boolean },
): AsyncGenerator<readonly [FilePair]> {
  const [source, dest] = await Promise.all([listOne(ctx, from), o.noCheckDest ? undefined : listOne(ctx, to)])
  if (!source) throw new StorageError('not-found', 'object not found', { details: { path: from.path } })
  if (source.kind === 'dir' || dest?.kind === 'dir') {
    const path = source.kind === 'dir' ? from.path : to.path
    throw new StorageError('is-dir', 'is a directory not a file', { details: { path } })
  }
  // Only its spelling is to change: what stands there is the source itself
  if (samePlace(from, to)) return yield [{ kind: 'file', path: o.name, target: to.path, source }]
  const target = dest?.path ?? to.path
  yield [{ kind: 'file', path: o.name, target, source, dest, spelled: target === to.path ? undefined : to.path }]
}
