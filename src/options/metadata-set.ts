import { StorageError } from '../core/errors.ts'
import type { Metadata } from '../core/metadata.ts'

/**
 * The metadata of `--metadata-set`: key=value each, keys in lower case, the last of a key counts (rclone's surface 2.3).
 * @throws StorageError 'config'
 */
export function parseMetadataSet(items: readonly string[]): Metadata {
  return Object.fromEntries(
    items.map((item) => {
      const at = item.indexOf('=')
      if (at === -1) throw new StorageError('config', `Failed to parse '${item}' as metadata key=value.`)
      return [item.slice(0, at).toLowerCase(), item.slice(at + 1)]
    }),
  )
}
