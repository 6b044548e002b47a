import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { wrap } from '../core/wrap.ts'

/** Refuses every change with 'read-only'; changes that are capabilities are not there at all. */
export function withReadOnly(inner: Remote): Remote {
  const refuse = (operation: string, path: Path): Promise<never> =>
    Promise.reject(
      new StorageError('read-only', `${operation} ${path}: ${inner.name} may only be read`, {
        details: { operation, path, remote: inner.name },
      }),
    )
  return wrap(inner, {
    facts: 'forward',
    nameProblem: 'forward',
    identity: 'forward',
    list: 'forward',
    listAll: 'forward',
    stat: 'forward',
    open: 'forward',
    hash: 'forward',
    metadata: 'forward',
    about: 'forward',
    userInfo: 'forward',
    close: 'forward',
    write: (path) => refuse('write', path),
    remove: (path) => refuse('remove', path),
    mkdir: (dir) => refuse('mkdir', dir),
    rmdir: (dir) => refuse('rmdir', dir),
    openParts: 'absent',
    copy: 'absent',
    move: 'absent',
    moveDir: 'absent',
    purge: 'absent',
    setTimes: 'absent',
    setMetadata: 'absent',
    cleanUp: 'absent',
    command: 'absent',
    links: 'absent',
  })
}
