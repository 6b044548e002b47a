import type { Context } from '../core/context.ts'
import type { DirEntry, Entry, FileEntry } from '../core/entry.ts'
import { messageOf } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { basename, parent, relative } from '../core/path.ts'
import type { Filter } from '../filter/filter.ts'
import type { Place } from './find-files.ts'
import { findFiles } from './find-files.ts'
import { walk } from './walk.ts'

/** A file of a tree. */
export interface TreeFile {
  readonly kind: 'file'
  readonly name: string
  /** As seen from the root. */
  readonly path: Path
  readonly entry: FileEntry
}

/** A directory of a tree; the root's name is ''. */
export interface TreeDir {
  readonly kind: 'dir'
  readonly name: string
  readonly path: Path
  readonly entry: DirEntry
  /** In the order they were listed; undefined where it was not looked into. */
  readonly children: readonly TreeNode[] | undefined
}

export type TreeNode = TreeFile | TreeDir

export interface LoadTreeOptions {
  /** Levels to look at; below 1: all. */
  readonly level: number
  readonly filter?: Filter | undefined
  /** Names that begin with a dot count too. */
  readonly all: boolean
}

/**
 * All of a place in memory.
 * @throws StorageError where anything could not be listed, which the log tells
 */
export async function loadTree(ctx: Context, place: Place, o: LoadTreeOptions): Promise<TreeDir> {
  const byDir = new Map<Path, Entry[]>()
  const add = (entry: Entry, shown: Path): void => {
    if (!o.all && basename(shown).startsWith('.')) return
    const siblings = byDir.get(parent(shown))
    if (siblings) siblings.push(entry)
    else byDir.set(parent(shown), [entry])
  }
  const rootPath = place.path
  if (place.file === undefined) {
    const onError = (object: Path, error: unknown): void =>
      ctx.log.log({ level: 'ERROR', object, text: `error listing: ${messageOf(error)}` })
    for await (const page of walk(ctx, place, { maxDepth: o.level, filter: o.filter, onError })) {
      for (const entry of page) add(entry, relative(entry.path, rootPath))
    }
  } else for await (const page of findFiles(ctx, place)) for (const { entry, shown } of page) add(entry, shown)

  const build = (entry: DirEntry, path: Path, depth: number): TreeDir => ({
    kind: 'dir',
    name: basename(path),
    path,
    entry,
    children: o.level > 0 && depth >= o.level ? undefined : childrenOf(path, depth),
  })
  const childrenOf = (dir: Path, depth: number): readonly TreeNode[] =>
    (byDir.get(dir) ?? []).map((entry) => {
      const path = relative(entry.path, rootPath)
      return entry.kind === 'dir' ? build(entry, path, depth + 1) : { kind: 'file', name: basename(path), path, entry }
    })
  return build({ kind: 'dir', path: rootPath }, '', 0)
}
