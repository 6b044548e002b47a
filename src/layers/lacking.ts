import { StorageError } from '../core/errors.ts'

/**
 * In place of a capability that the remote inside lacks. `wrap` leaves those out, so that a layer never gets here.
 * @throws StorageError 'unsupported'
 */
export function lacking(): never {
  throw new StorageError('unsupported', 'the remote cannot do this')
}
