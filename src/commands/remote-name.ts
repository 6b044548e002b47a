import { parseTypedPath } from '../config/connection-string.ts'
import { isStorageError, messageOf, StorageError } from '../core/errors.ts'

/**
 * The remote that an argument `name:` names.
 * @throws StorageError 'usage' for a local path, a remote made on the fly, or a path on one
 */
export function remoteName(typed: string, platform: NodeJS.Platform): string {
  const place = parsed(typed, platform)
  if (place.kind === 'remote' && !place.onTheFly && place.path === '') return place.name
  throw new StorageError('usage', `"${typed}" does not name a remote of the config: "NAME:" does`)
}

function parsed(typed: string, platform: NodeJS.Platform): ReturnType<typeof parseTypedPath> {
  try {
    return parseTypedPath(typed, platform)
  } catch (error) {
    throw isStorageError(error) ? new StorageError('usage', messageOf(error), { cause: error }) : error
  }
}
