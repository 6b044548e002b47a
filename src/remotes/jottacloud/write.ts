import type { FileEntry } from '../../core/entry.ts'
import type { Metadata } from '../../core/metadata.ts'
import { findMetadata, timesIn } from '../../core/metadata.ts'
import type { Path } from '../../core/path.ts'
import type { WriteOptions } from '../../core/remote.ts'
import type { Source } from '../../core/source.ts'
import type { CallOptions } from '../../core/stream.ts'
import type { Time } from '../../core/time.ts'
import { timeFrom, truncate, second } from '../../core/time.ts'
import type { Drive } from './drive.ts'
import type { Content } from './known.ts'
import { refusal } from './refusal.ts'
import { otherAt, replaceWithoutVersions } from './replace.ts'
import { settleSpelling } from './settle.ts'
import type { Spool } from './spool.ts'
import { spool } from './spool.ts'
import { otherLength, send } from './upload.ts'

/**
 * Stores a file: announces it with its MD5, then sends what the service does not have. The entry is made of what is known without
 * asking: it has no revision, MIME type or time of storing.
 * @throws StorageError 'is-dir', 'not-dir', 'invalid-name', 'quota'; 'changed' where the source has another length than it said;
 * 'corrupt' and 'network', retry 'later'
 */
export async function write(drive: Drive, path: Path, source: Source, options: WriteOptions = {}): Promise<FileEntry> {
  options.signal?.throwIfAborted()
  drive.spellings.stored(path)
  if (path === '') throw refusal('is-dir', 'it is the root', { drive, operation: 'write', path })
  await settleSpelling(drive, path, options)
  const metadata = await findMetadata(options.metadata, path)
  await using copy = await announceable(drive, path, source, options)
  const { size, md5 } = copy
  const content = { size, md5, ...timesOf(drive, source, { ...options, metadata }) }
  const put = (to: Path, { signal }: CallOptions): Promise<void> => {
    const upload = { remote: drive.name, path: to, bytes: size, ...content, signal }
    return send(drive, { upload, stream: (range) => copy.stream(range), onProgress: options.onProgress })
  }
  const old = drive.noVersions ? await otherAt(drive, path, content, options) : undefined
  const resumable = size > drive.uploadResumeLimit
  if (old) await replaceWithoutVersions(drive, { operation: 'write', to: path, content, old, put, resumable }, options)
  else await put(path, options)
  const { created, modified } = content
  return { kind: 'file', path, size, modified, hashes: { md5 }, created }
}

/** The source, or a copy of it where its MD5 or size cannot be had otherwise. */
async function announceable(drive: Drive, path: Path, source: Source, { signal }: WriteOptions): Promise<Spool> {
  const { size } = source
  const md5 = size === undefined ? undefined : (source.known.md5 ?? (await source.hash('md5', { signal })))
  if (size !== undefined && md5 !== undefined) {
    return {
      size,
      md5: md5.toLowerCase(),
      stream: (range) => source.stream(range, { signal }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }
  const { md5MemoryLimit: memoryLimit, tempDir } = drive
  const copy = await spool(source.stream({}, { signal }), { memoryLimit, tempDir, expected: size, signal })
  if (size === undefined || size === copy.size) return copy
  await copy[Symbol.asyncDispose]()
  throw otherLength(drive, path, size)
}

/** What metadata says goes before what the options and the source say. */
function timesOf(
  drive: Drive,
  source: Source,
  options: { readonly created?: Time | undefined; readonly metadata: Metadata },
): Pick<Content, 'created' | 'modified'> {
  const given = timesIn(options.metadata)
  const modified = truncate(given.modified ?? source.modified ?? timeFrom(drive.now()), second)
  return { modified, created: truncate(given.created ?? options.created ?? modified, second) }
}
