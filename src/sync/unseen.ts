import type { Context } from '../core/context.ts'
import { mayBeAlike } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { parent, relative } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Transfer } from './action.ts'
import { samePlace } from './overlap.ts'

/**
 * Refuses to write through a symbolic link on a disk that shows links as files: what has its name as a directory in the source
 * would end outside the destination.
 * @param dir the directory, and those between it and the destination, that must be no links
 * @throws StorageError 'not-dir'
 */
export async function refuseLinks({ signal }: Context, { remote, path: root }: Location, dir: Path): Promise<void> {
  const suffix = remote.facts(root).linkSuffix
  if (suffix === undefined) return
  for (let path = dir; path.length > root.length; path = parent(path)) {
    if (!(await remote.stat(path + suffix, { signal }))) continue
    const hint = 'Remove the link in the destination; sync does that with --delete-before.'
    throw new StorageError('not-dir', `a symbolic link has the name of the directory ${relative(path, root)}`, {
      details: { path, hint },
    })
  }
}

/**
 * Refuses to overwrite a file of a disk that the listing did not show under that name or in that state, where it was promised that
 * not every file is overwritten: it has come or changed since, lies behind a symbolic link, or has the name of one that is to be made.
 * @throws StorageError 'exists', 'changed'
 */
export async function refuseUnseen(
  { signal }: Context,
  source: Location,
  dest: Location,
  action: Transfer,
): Promise<void> {
  const { target: path, dest: seen } = action
  if (dest.remote.type !== 'local') return
  if (samePlace({ remote: source.remote, path: action.source.path }, { remote: dest.remote, path })) return
  const now = await dest.remote.stat(path, { signal })
  if (seen && now?.kind === 'file' && !(mayBeAlike(now, seen) && now.modified === seen.modified)) {
    const hint = 'Run it again: it is compared anew.'
    throw new StorageError('changed', 'the file there has changed since it was listed', { details: { path, hint } })
  }
  if (seen) return
  if (now?.kind === 'file') {
    const hint = 'Run it again; where it lies behind a symbolic link, --copy-links shows it.'
    throw new StorageError('exists', 'a file is there that was not listed', { details: { path, hint } })
  }
  const { linkSuffix = '' } = dest.remote.facts(path)
  if (linkSuffix === '' || !path.endsWith(linkSuffix)) return
  const link = path.slice(0, -linkSuffix.length)
  if ((await dest.remote.stat(link, { signal }))?.kind !== 'file') return
  const hint = 'Remove the file; sync does that with --delete-before.'
  throw new StorageError('exists', 'a file has the name of the symbolic link', { details: { path: link, hint } })
}
