import type { ErrorCode } from '../../core/errors.ts'
import { StorageError } from '../../core/errors.ts'
import type { Hashes } from '../../core/hash.ts'
import { matchKey } from '../../core/names.ts'
import type { Path } from '../../core/path.ts'
import { basename, isProper, join, parent } from '../../core/path.ts'
import type { Time } from '../../core/time.ts'

/** A file; its content is never changed, only replaced with the whole node. */
export interface FileNode {
  readonly kind: 'file'
  readonly content: Uint8Array
  readonly hashes: Hashes
  readonly modified: Time
  readonly created: Time
  readonly stored: Time
  readonly revision: string
}

export interface DirNode {
  readonly kind: 'dir'
  modified: Time
  /** By match key, so that a name is found in any case where case is ignored. */
  readonly children: Map<string, { readonly name: string; readonly node: Node }>
}

export type Node = FileNode | DirNode

/** What stands at a path, and the path as it is stored. */
export interface Found<N extends Node = Node> {
  readonly path: Path
  readonly node: N
}

/** The directories and files of one memory remote. Every member throws 'invalid-name' for a path that is not proper. */
export interface Tree {
  /** What paths are compared by. */
  key(path: Path): string
  find(path: Path): Found | undefined
  /** @throws StorageError 'dir-not-found', also for a file */
  dir(path: Path, operation: string): Found<DirNode>
  /** @throws StorageError 'not-found', 'is-dir' */
  file(path: Path, operation: string): Found<FileNode>
  /** The directory, made with its parents where it was missing. @throws StorageError 'exists', 'not-dir' */
  make(dir: Path, operation: string): Found<DirNode>
  /** Makes the directory that is to hold `path`. @throws StorageError 'not-dir' */
  makeParent(path: Path, operation: string): void
  /** Puts `node` at `path`, whose directory exists, under the stored name where one is there already; gives the stored path. */
  put(path: Path, node: Node): Path
  /** Takes what is at `path` out of its directory. */
  drop(path: Path): void
}

/** An error about `path` that names the operation, as the tree and all operations throw it. */
export function failure(code: ErrorCode, operation: string, path: Path, text: string): StorageError {
  return new StorageError(code, `${operation} ${path}: ${text}`, { details: { operation, path } })
}

/** @param now the time that directories get when their content changes */
export function createTree(place: { readonly caseInsensitive: boolean }, now: () => Time): Tree {
  const root: DirNode = { kind: 'dir', modified: now(), children: new Map() }
  const key = (path: Path): string => matchKey(path, { ...place, normalise: false })

  const find = (path: Path): Found | undefined => {
    if (!isProper(path)) throw failure('invalid-name', 'find', path, 'a part of the path is not a name')
    let found: Found = { path: '', node: root }
    for (const part of path === '' ? [] : path.split('/')) {
      const child = found.node.kind === 'dir' ? found.node.children.get(key(part)) : undefined
      if (!child) return undefined
      found = { path: join(found.path, child.name), node: child.node }
    }
    return found
  }

  const make = (dir: Path, operation: string): Found<DirNode> => {
    const found = find(dir)
    if (found?.node.kind === 'dir') return { path: found.path, node: found.node }
    if (found) throw failure('exists', operation, dir, 'a file has this name')
    makeParent(dir, operation)
    const node: DirNode = { kind: 'dir', modified: now(), children: new Map() }
    return { path: put(dir, node), node }
  }

  const makeParent = (path: Path, operation: string): void => {
    const dir = parent(path)
    if (dir === '') return
    if (find(dir)?.node.kind === 'file') throw failure('not-dir', operation, path, 'a file is in the way')
    make(dir, operation)
  }

  const dir = (path: Path, operation: string): Found<DirNode> => {
    const found = find(path)
    if (found?.node.kind === 'dir') return { path: found.path, node: found.node }
    throw failure('dir-not-found', operation, path, 'directory not found')
  }

  const put = (path: Path, node: Node): Path => {
    const holder = dir(parent(path), 'write')
    const name = holder.node.children.get(key(basename(path)))?.name ?? basename(path)
    holder.node.children.set(key(name), { name, node })
    holder.node.modified = now()
    return join(holder.path, name)
  }

  return {
    key,
    find,
    make,
    makeParent,
    dir,
    put,
    file(path, operation) {
      const found = find(path)
      if (found?.node.kind === 'file') return { path: found.path, node: found.node }
      if (found) throw failure('is-dir', operation, path, 'is a directory')
      throw failure('not-found', operation, path, 'file not found')
    },
    drop(path) {
      const above = find(parent(path))?.node
      if (above?.kind !== 'dir' || !above.children.delete(key(basename(path)))) return
      above.modified = now()
    },
  }
}
