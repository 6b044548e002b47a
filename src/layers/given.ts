import { StorageError } from '../core/errors.ts'

/**
 * A capability of the remote inside, for a layer that `wrap` only gives it where it is there.
 * @throws StorageError 'unsupported' where it is not
 */
export function given<T>(capability: T | undefined): T {
  if (capability === undefined) throw new StorageError('unsupported', 'the remote cannot do this')
  return capability
}
