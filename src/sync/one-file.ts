import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import { join } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import { createFailures } from '../operations/failures.ts'
import { listOne } from '../operations/list-one.ts'
import { withinDuration } from './duration-limit.ts'
import type { MoveOptions } from './options.ts'
import { checkBackupOfFile, samePlace } from './overlap.ts'
import type { FilePair } from './pair.ts'
import { noDirTimes } from './policies/dir-times.ts'
import { runPass, throwGravest } from './run.ts'
import { createTransferLimit } from './transfer-limit.ts'

/** A file and the directory that it lies in. */
export interface OneFile extends Location {
  readonly file: string
  /** As it was just found; else it is looked for. */
  readonly entry?: FileEntry | undefined
}

/**
 * Copies or moves one file where it is missing or different at the destination.
 * @throws StorageError 'not-found', 'is-dir'; the error that it failed with
 */
export async function copyOneFile(
  ctx: Context,
  source: OneFile,
  dest: Location & { readonly file: string },
  o: MoveOptions & { readonly move: boolean },
): Promise<void> {
  const from = { remote: source.remote, path: join(source.path, source.file) }
  const to = { remote: dest.remote, path: join(dest.path, dest.file) }
  if (o.backupDir) checkBackupOfFile({ source, dest, backup: o.backupDir }, o.suffix)
  const used = o.used ?? { bytes: 0, since: undefined }
  const { description } = dest.remote.facts(dest.path)
  await withinDuration(ctx, { ...o, used, description }, async (within) => {
    const failures = createFailures(within)
    const pairs = lookAtFile(within, from, to, {
      name: source.file,
      wanted: dest.file,
      found: source.entry,
      noCheckDest: o.noCheckDest === true,
    })
    const limit = createTransferLimit(o, used)
    const pass = { source, dest, failures, dirTimes: noDirTimes, move: o.move, limit, single: true }
    await runPass(within, pairs, pass, o)
    throwGravest(failures)
  })
}

async function* lookAtFile(
  ctx: Context,
  from: Location,
  to: Location,
  o: {
    readonly name: string
    readonly wanted: string
    readonly found: FileEntry | undefined
    readonly noCheckDest: boolean
  },
): AsyncGenerator<readonly [FilePair]> {
  const [source, dest] = await Promise.all([
    o.found ?? listOne(ctx, from),
    o.noCheckDest ? undefined : listOne(ctx, to, { bareLinks: true }),
  ])
  if (!source) throw new StorageError('not-found', 'object not found', { details: { path: from.path } })
  if (source.kind === 'dir' || dest?.kind === 'dir') {
    const path = source.kind === 'dir' ? from.path : to.path
    throw new StorageError('is-dir', 'is a directory not a file', { details: { path } })
  }
  // Only its spelling is to change: what stands there is the source itself
  const { name: path, wanted } = o
  if (samePlace(from, to)) return yield [{ kind: 'file', path, wanted, target: to.path, source }]
  const target = dest?.path ?? to.path
  yield [{ kind: 'file', path, wanted, target, source, dest, spelled: target === to.path ? undefined : to.path }]
}
