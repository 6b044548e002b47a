import type { StorageError } from '../../core/errors.ts'
import type { Path } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import type { Drive } from './drive.ts'
import { refusal } from './refusal.ts'

/** The error of a place where nothing can be changed. */
export function readOnly(
  drive: Drive,
  operation: string,
  about: { readonly path: Path; readonly why: string },
): StorageError {
  return refusal('read-only', about.why, { drive, operation, path: about.path })
}

/** What changes something and a remote always has, or that others would do by hand. */
export type Refused = Required<Pick<Remote, 'write' | 'remove' | 'mkdir' | 'rmdir' | 'purge'>>

/** These members where nothing can be changed. */
export function refuseChanges(drive: Drive, why: string): Refused {
  const refuse =
    (operation: string) =>
    (path: Path): Promise<never> =>
      Promise.reject(readOnly(drive, operation, { path, why }))
  return {
    write: refuse('write'),
    remove: refuse('remove'),
    mkdir: refuse('mkdir'),
    rmdir: refuse('rmdir'),
    purge: refuse('purge'),
  }
}
