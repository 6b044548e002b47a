import type { Path } from '../../core/path.ts'
import { isWithin } from '../../core/path.ts'
import type { Remote } from '../../core/remote.ts'
import type { Place } from './place.ts'
import { fileEntry, kept } from './place.ts'
import type { FileNode } from './tree.ts'
import { failure } from './tree.ts'

/** The members of a memory remote that remove and rearrange; each acts in one step. */
export function changeMembers(place: Place): Required<Pick<Remote, 'remove' | 'mkdir' | 'rmdir' | 'copy' | 'move' | 'moveDir' | 'purge' | 'setTimes'>> {
  const { tree } = place
  return {
    async remove(path, { signal } = {}) {
      signal?.throwIfAborted()
      tree.file(path, 'remove')
      tree.drop(path)
    },
    async mkdir(dir, { signal } = {}) {
      signal?.throwIfAborted()
      tree.make(dir, 'mkdir')
    },
    async rmdir(dir, { signal } = {}) {
      signal?.throwIfAborted()
      if (tree.dir(dir, 'rmdir').node.children.size > 0)
        throw failure('not-empty', 'rmdir', dir, 'directory not empty')
      tree.drop(dir)
    },
    async copy(from, to, { signal } = {}) {
      signal?.throwIfAborted()
      const { node } = tree.file(from, 'copy')
      refuseDirectory(place, to, 'copy')
      const copied: FileNode = { ...node, stored: place.now(), revision: place.nextRevision() }
      return fileEntry({ path: tree.put(to, copied), node: copied })
    },
    async move(from, to, { signal } = {}) {
      signal?.throwIfAborted()
      const source = tree.file(from, 'move')
      refuseDirectory(place, to, 'move')
      // Dropped first, so that a new spelling of the same name is taken over.
      if (tree.find(to)?.path === source.path) tree.drop(from)
      const path = tree.put(to, source.node)
      if (path !== source.path) dropOther(place, source.path, path)
      return fileEntry({ path, node: source.node })
    },
    async moveDir(from, to, { signal } = {}) {
      signal?.throwIfAborted()
      moveDir(place, from, to)
    },
    async purge(dir, { signal } = {}) {
      signal?.throwIfAborted()
      tree.dir(dir, 'purge').node.children.clear()
      tree.drop(dir)
    },
    async setTimes(entry, times, { signal } = {}) {
      signal?.throwIfAborted()
      const found = tree.find(entry.path)
      if (!found) throw failure('not-found', 'set the time of', entry.path, 'not found')
      const modified = kept(place, times.modified)
      if (found.node.kind === 'dir') found.node.modified = modified
      else tree.put(entry.path, { ...found.node, modified, created: kept(place, times.created ?? found.node.created) })
    },
  }
}
