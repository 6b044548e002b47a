import { mayBeAlike } from '../../core/entry.ts'
import { timesIn } from '../../core/metadata.ts'
import type { Path } from '../../core/path.ts'
import { isWithin } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import type { Time } from '../../core/time.ts'
import type { Place } from './place.ts'
import { fileEntry, kept } from './place.ts'
import type { FileNode, Node, Tree } from './tree.ts'
import { failure } from './tree.ts'

/** The members of a memory remote that remove and rearrange; each acts in one step. */
export function changeMembers(
  place: Place,
): Required<
  Pick<Remote, 'remove' | 'mkdir' | 'rmdir' | 'copy' | 'move' | 'moveDir' | 'purge' | 'setTimes' | 'setMetadata'>
> {
  const { tree } = place
  return {
    async remove(path, { signal, expect } = {}) {
      signal?.throwIfAborted()
      const now = fileEntry(tree.file(path, 'remove'))
      if (expect && (!mayBeAlike(now, expect) || now.modified !== expect.modified))
        throw failure('changed', 'remove', path, 'it has changed since it was listed')
      tree.drop(path)
    },
    async mkdir(dir, { signal } = {}) {
      signal?.throwIfAborted()
      tree.make(dir, 'mkdir')
    },
    async rmdir(dir, { signal } = {}) {
      signal?.throwIfAborted()
      if (tree.dir(dir, 'rmdir').node.children.size > 0) throw failure('not-empty', 'rmdir', dir, 'directory not empty')
      tree.drop(dir)
    },
    async copy(from, to, { signal } = {}) {
      signal?.throwIfAborted()
      const { node } = tree.file(from, 'copy')
      makeRoom(tree, to, 'copy')
      const copied: FileNode = { ...node, stored: place.now(), revision: place.nextRevision() }
      return fileEntry({ path: tree.put(to, copied), node: copied })
    },
    async move(from, to, { signal, replaceNothing } = {}) {
      signal?.throwIfAborted()
      const { path, node } = tree.file(from, 'move')
      const other = tree.find(to)
      if (replaceNothing && other && other.path !== path) throw failure('exists', 'move', to, 'already exists')
      makeRoom(tree, to, 'move')
      return fileEntry({ path: replace(tree, from, to, node), node })
    },
    async moveDir(from, to, { signal } = {}) {
      signal?.throwIfAborted()
      const { path, node } = tree.dir(from, 'move')
      if (tree.key(to) !== tree.key(from) && isWithin(tree.key(to), tree.key(from)))
        throw failure('invalid-argument', 'move', from, `${to} is inside of it`)
      const other = tree.find(to)
      if (other && other.path !== path) throw failure('exists', 'move', to, 'already exists')
      tree.makeParent(to, 'move')
      replace(tree, from, to, node)
    },
    async purge(dir, { signal } = {}) {
      signal?.throwIfAborted()
      tree.dir(dir, 'purge').node.children.clear()
      tree.drop(dir)
    },
    async setTimes(entry, times, { signal } = {}) {
      signal?.throwIfAborted()
      setTimes(place, entry.path, times)
    },
    async setMetadata(entry, metadata, { signal } = {}) {
      signal?.throwIfAborted()
      setTimes(place, entry.path, timesIn(metadata))
    },
  }
}

function setTimes(
  place: Place,
  path: Path,
  { modified, created }: { readonly modified: Time | undefined; readonly created?: Time | undefined },
): void {
  const { tree } = place
  const found = tree.find(path)
  if (!found) throw failure('not-found', 'set the time of', path, 'not found')
  const { node } = found
  if (node.kind === 'dir') node.modified = kept(place, modified ?? node.modified)
  else {
    const times = { modified: kept(place, modified ?? node.modified), created: kept(place, created ?? node.created) }
    tree.put(path, { ...node, ...times })
  }
}

/** Makes sure that a file can be put at `path`. */
function makeRoom(tree: Tree, path: Path, operation: string): void {
  if (tree.find(path)?.node.kind === 'dir') throw failure('is-dir', operation, path, 'is a directory')
  tree.makeParent(path, operation)
}

/** Dropped first, so that a new spelling of the same name is taken over. */
function replace(tree: Tree, from: Path, to: Path, node: Node): Path {
  tree.drop(from)
  return tree.put(to, node)
}
