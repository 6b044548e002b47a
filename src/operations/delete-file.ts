import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { join } from '../core/path.ts'
import { deleteFile } from './delete.ts'
import { createFailures } from './failures.ts'
import type { Place } from './find-files.ts'
import type { Gate } from './gate.ts'
import { openGate } from './gate.ts'
import { listOne } from './list-one.ts'

/**
 * Deletes one file.
 * @param o `typed`: how the place was named, for messages
 * @throws StorageError 'not-found' where the place names no file; what `remove` throws, which has been reported
 */
export async function deleteOneFile(
  ctx: Context,
  { remote, path, file, entry: found }: Place,
  o: { readonly typed: string; readonly gate?: Gate | undefined },
): Promise<void> {
  const entry = found ?? (file === undefined ? undefined : await listOne(ctx, { remote, path: join(path, file) }))
  if (file === undefined || entry?.kind !== 'file') {
    throw new StorageError('not-found', `${o.typed} is a directory or doesn't exist: object not found`)
  }
  const failures = createFailures(ctx)
  await deleteFile(ctx, { entry, shown: file }, { remote, gate: o.gate ?? openGate, failures })
  if (failures.count > 0) throw failures.last
}
