import { Buffer } from 'node:buffer'
import { renameSync, symlinkSync } from 'node:fs'
import type { FileEntry } from '../../core/entry.ts'
import { findMetadata } from '../../core/metadata.ts'
import type { Path } from '../../core/path.ts'
import type { WriteOptions } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { failure, onDisk } from './failure.ts'
import { fileEntry, linkTarget, lstat } from './look.ts'
import { applyMetadata, theLink } from './metadata-setting.ts'
import { makeParent } from './mkdir.ts'
import type { Place } from './place.ts'
import { diskPath } from './place.ts'
import { removeQuietly, temporaryPath } from './temporary.ts'

/** Writes `name.rclonelink` as the symbolic link `name` to what the source says; replaces a file or link of that name. */
export async function writeLink(place: Place, path: Path, source: Source, options: WriteOptions): Promise<FileEntry> {
  const link = linkTarget(place, path) ?? path
  if (lstat(place, link)?.isDirectory()) throw failure(place, 'is-dir', 'symlink', link, 'is a directory')
  const target = Buffer.from(await collect(source.stream({}, { signal: options.signal })))
  options.signal?.throwIfAborted()
  const metadata = await findMetadata(options.metadata, path)
  makeParent(place, link)
  const temporary = temporaryPath(link)
  onDisk(place, 'symlink', link, () => symlinkSync(target, diskPath(temporary)))
  try {
    applyMetadata(place, link, theLink(diskPath(temporary)), metadata, { modified: source.modified })
    onDisk(place, 'rename', link, () => renameSync(diskPath(temporary), diskPath(link)))
  } catch (error) {
    removeQuietly(place, temporary)
    throw error
  }
  options.onProgress?.(target.length)
  const stats = lstat(place, link)
  if (!stats) throw failure(place, 'changed', 'symlink', link, 'the link vanished after it was made')
  return fileEntry(path, stats)
}
