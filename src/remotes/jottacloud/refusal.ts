import type { Effect, ErrorCode, RetryClass } from '../../core/errors.ts'
import { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'

/**
 * The error for what this remote sees by itself, without a status of the service.
 * @param why the second half of the message, after operation and path
 */
export function refusal(
  code: ErrorCode,
  why: string,
  about: {
    readonly drive: { readonly name: string }
    readonly operation: string
    readonly path: Path
    readonly retry?: RetryClass
    readonly effect?: Effect
    readonly hint?: string
  },
): StorageError {
  const { drive, operation, path, hint, ...classes } = about
  return new StorageError(code, `${operation} ${drive.name}:${path}: ${why}`, {
    ...classes,
    details: { operation, remote: drive.name, path, hint },
  })
}
