import { StorageError } from '../core/errors.ts'

const allowed = /^(?![- ])[\p{L}\p{N}_.+@ -]+(?<![- ])$/u

const invalid =
  'config name contains invalid characters - may only contain numbers, letters, `_`, `-`, `.`, `+`, `@` and space, ' +
  'while not start with `-` or space, and not end with space'

/**
 * Makes sure that a text can be a remote's name (docs: rclone's surface 3.2, "Name rule").
 * @throws StorageError 'usage' in rclone's words
 */
export function requireRemoteName(name: string, platform: NodeJS.Platform): void {
  const drive = platform === 'win32' && /^[a-z]$/i.test(name)
  if (drive || !allowed.test(name)) throw new StorageError('usage', invalid)
}
