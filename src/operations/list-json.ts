import type { Context } from '../core/context.ts'
import type { Entry, FileEntry } from '../core/entry.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import type { HashType } from '../core/hash.ts'
import { basename } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import { hashesOf } from './hashes-of.ts'
import { parseHashType } from './hash-names.ts'
import { mimeTypeOf } from './mime-type.ts'
import { formatPrecise } from '../options/time-layout.ts'

/** What an object of `lsjson` shows (rclone's surface §1.2). */
export interface JsonFormat {
  readonly noModtime: boolean
  readonly noMimetype: boolean
  readonly metadata: boolean
  /** Undefined: no hashes; empty: all that the remote has. */
  readonly hashes: readonly HashType[] | undefined
  /** The time of a directory that has none. */
  readonly defaultTime: Time
}

/** One entry as `lsjson` prints it, its keys in rclone's order. */
export type JsonItem = Readonly<Record<string, unknown>>

/** Makes the objects of `lsjson` for entries of `remote`. A hash that cannot be had is logged and left out. */
export function createJsonItems(
  ctx: Context,
  remote: Remote,
  o: JsonFormat,
): (entry: Entry, shown: string) => Promise<JsonItem> {
  return async (entry, shown) => {
    const dir = entry.kind === 'dir'
    const hashes = dir ? {} : await hashesIn(ctx, remote, entry, { o, shown })
    const metadata = o.metadata ? await remote.metadata?.(entry, { signal: ctx.signal }) : undefined
    return {
      Path: shown,
      Name: basename(shown),
      Size: entry.size ?? -1,
      ...(o.noMimetype ? {} : { MimeType: mimeTypeIn(entry) }),
      ModTime: o.noModtime ? '' : timeIn(remote, entry.path, entry.modified ?? o.defaultTime),
      IsDir: dir,
      ...(Object.keys(hashes).length > 0 ? { Hashes: hashes } : {}),
      ...(metadata && Object.keys(metadata).length > 0 ? { Metadata: sortKeys(metadata) } : {}),
    }
  }
}

/** The object for a directory that was named itself. */
export function rootItem(remote: Remote, o: Pick<JsonFormat, 'noModtime' | 'noMimetype'>, now: Time): JsonItem {
  return {
    Path: '',
    Name: '',
    Size: -1,
    ...(o.noMimetype ? {} : { MimeType: 'inode/directory' }),
    ModTime: o.noModtime ? '' : timeIn(remote, '', now),
    IsDir: true,
  }
}

/** The types that `--hash` and `--hash-type` ask for. @throws StorageError 'invalid-argument' for one that is none */
export function wantedHashes(all: boolean, names: readonly string[]): readonly HashType[] | undefined {
  if (names.length === 0) return all ? [] : undefined
  return names.map((name) => {
    const type = parseHashType(name)
    if (!type) throw new StorageError('invalid-argument', `unknown hash type "${name}"`)
    return type
  })
}

async function hashesIn(
  ctx: Context,
  remote: Remote,
  entry: FileEntry,
  { o, shown }: { readonly o: JsonFormat; readonly shown: string },
): Promise<Readonly<Record<string, string>>> {
  if (!o.hashes) return {}
  const types = o.hashes.length > 0 ? o.hashes : remote.facts(entry.path).hashes
  const onError = (error: unknown): void =>
    ctx.log.log({ level: 'ERROR', object: shown, text: `Failed to read hash: ${messageOf(error)}` })
  try {
    return sortKeys(await hashesOf(ctx, remote, entry, { types, onError }))
  } catch (error) {
    ctx.signal.throwIfAborted()
    onError(error)
    return {}
  }
}

function mimeTypeIn(entry: Entry): string {
  return entry.kind === 'dir' ? 'inode/directory' : (entry.mimeType ?? mimeTypeOf(basename(entry.path)))
}

/** Disks tell times in the zone of the person who asks, services in UTC. */
function timeIn(remote: Remote, path: string, time: Time): string {
  return formatPrecise(time, remote.facts(path).timePrecision ?? 1n, remote.type === 'local' ? 'local' : 'UTC')
}

function sortKeys<T>(record: Readonly<Record<string, T | undefined>>): Readonly<Record<string, T>> {
  const entries = Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
