import type { Context } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import { join } from '../core/path.ts'
import type { Time } from '../core/time.ts'
import { shownPath } from '../options/standard-names.ts'
import type { Place } from './find-files.ts'
import type { JsonFormat, JsonItem } from './list-json.ts'
import { createJsonItems, rootItem } from './list-json.ts'
import { listOne } from './list-one.ts'

export interface StatJsonOptions extends JsonFormat {
  readonly filesOnly: boolean
  readonly dirsOnly: boolean
  /** The time shown for a directory, whose own is not asked for. */
  readonly now: Time
}

/**
 * What `lsjson --stat` says of a place itself: one object, or undefined where the kind of it is left out.
 * @throws StorageError 'dir-not-found' where nothing is there
 */
export async function statJson(ctx: Context, place: Place, o: StatJsonOptions): Promise<JsonItem | undefined> {
  const { remote, path, file } = place
  const entry = await listOne(ctx, { remote, path: file === undefined ? path : join(path, file) })
  if (!entry && path !== '') throw new StorageError('dir-not-found', 'directory not found', { details: { path } })
  if (entry?.kind === 'file')
    return o.dirsOnly ? undefined : await createJsonItems(ctx, remote, o)(entry, shownPath(file ?? ''))
  return o.filesOnly ? undefined : rootItem(remote, o, o.now)
}
