import { Buffer } from 'node:buffer'
import { copyFile, lstat, mkdir, readdir, stat, utimes } from 'node:fs/promises'
import { StorageError } from '../../core/errors.ts'
import { systemCode } from '../../util/atomic-file.ts'

/**
 * The files and folders below a folder by their relative paths, parents first; links and special files are left out, copy would
 * skip them with a notice. A path is text of one character for each byte, since names need not be UTF-8.
 */
export type PlainTree = ReadonlyMap<string, 'file' | 'directory'>

/** @throws StorageError 'dir-not-found', 'not-dir' */
export async function plainTree(root: string): Promise<PlainTree> {
  await checkFolder(root)
  const found = new Map<string, 'file' | 'directory'>()
  const visit = async (dir: string): Promise<void> => {
    for (const name of await readdir(placeIn(root, dir), 'latin1')) {
      const path = dir === '' ? name : `${dir}/${name}`
      const info = await lstat(placeIn(root, path))
      if (info.isFile()) found.set(path, 'file')
      if (!info.isDirectory()) continue
      found.set(path, 'directory')
      await visit(path)
    }
  }
  await visit('')
  return found
}

/** Where a path of a tree is. */
export function placeIn(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
}

/** Copies a tree into a folder that is made, times included. */
export async function copyPlainTree(tree: PlainTree, from: string, to: string): Promise<void> {
  await mkdir(to)
  for (const [path, kind] of tree) {
    const [source, copy] = [placeIn(from, path), placeIn(to, path)]
    if (kind === 'directory') {
      await mkdir(copy)
      continue
    }
    await copyFile(source, copy)
    const { atime, mtime } = await stat(source)
    await utimes(copy, atime, mtime)
  }
}

async function checkFolder(root: string): Promise<void> {
  const info = await stat(root).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') throw new StorageError('dir-not-found', `${root}: directory not found`)
    throw error
  })
  if (!info.isDirectory()) throw new StorageError('not-dir', `${root}: is a file, name a folder`)
}
