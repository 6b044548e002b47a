import type { Context } from '../core/context.ts'
import type { DirEntry, Entry, FileEntry } from '../core/entry.ts'
import { messageOf } from '../core/errors.ts'
import type { FindMetadata, Metadata } from '../core/metadata.ts'
import type { Path } from '../core/path.ts'
import { basename, relative } from '../core/path.ts'
import type { Location, Remote } from '../core/remote.ts'
import { formatShortest } from '../core/time.ts'
import { parseMetadataSet } from '../options/metadata-set.ts'
import { again } from './failures.ts'
import type { Mapped } from './metadata-mapper.ts'
import { createMapper } from './metadata-mapper.ts'
import { mimeTypeOf } from './mime-type.ts'

/** What is kept besides content and time (rclone's surface 2.3, Metadata). */
export interface MetadataOptions {
  readonly metadata?: boolean | undefined
  /** For everything that is transferred, as key=value; needs `metadata`. */
  readonly metadataSet?: readonly string[] | undefined
  /** A program and its arguments that metadata goes through; needs `metadata`. */
  readonly metadataMapper?: readonly string[] | undefined
  /** What goes to the program and comes back is logged. */
  readonly dumpMapper?: boolean | undefined
}

/** Finds what goes along with files and directories under `--metadata`. */
export interface MetadataCarrier {
  /** It is not only what the source keeps. */
  readonly changes: boolean
  /** For a file that is written to the destination. */
  ofFile(file: FileEntry): FindMetadata
  /** For a file that the destination's server copies or moves. */
  ofOriginal(file: FileEntry): Promise<Metadata>
  /** For a directory, with its time as it was listed. */
  ofDir(dir: DirEntry): Promise<Metadata>
}

/**
 * What goes from `source` to `dest`; undefined where nothing is to.
 * @throws StorageError 'config'; from the members, what the remotes throw, and 'io' where the mapper fails
 */
export function createCarrier(
  ctx: Context,
  source: Location,
  dest: Location,
  o: MetadataOptions,
): MetadataCarrier | undefined {
  if (!o.metadata) return undefined
  const set = parseMetadataSet(o.metadataSet ?? [])
  const mapper = openMapper(ctx, o)
  const kept = async ({ remote }: Location, entry: Entry): Promise<Metadata> => ({
    ...(await remote.metadata?.(entry, { signal: ctx.signal })),
    ...set,
  })
  const mapped = async (from: Location, entry: Entry, as: Path, metadata: Metadata): Promise<Metadata> =>
    mapper ? await mapper(mappedItem(from, dest, { entry, as, metadata })) : metadata
  return {
    changes: mapper !== undefined || Object.keys(set).length > 0,
    ofFile: (file) => async (as, whole) => {
      if (whole && !mapper) return undefined
      const [from, entry] = whole ? [dest, whole] : [source, file]
      return await reading(ctx, async () => mapped(from, entry, relative(as, dest.path), await kept(from, entry)))
    },
    ofOriginal: async (file) => mapped(source, file, relative(file.path, source.path), await kept(source, file)),
    async ofDir(dir) {
      const entry = mapper ? { ...dir, size: (await source.remote.stat(dir.path, { signal: ctx.signal }))?.size } : dir
      const mtime = dir.modified === undefined ? '' : formatShortest(dir.modified, zoneOf(source.remote))
      const now = await source.remote.metadata?.(dir, { signal: ctx.signal })
      const metadata = await mapped(source, entry, relative(dir.path, source.path), { ...now, mtime, ...set })
      return metadata['mtime'] === undefined ? { ...metadata, mtime } : metadata
    },
  }
}

/**
 * What is set of a file that has no source: what `--metadata-set` and the mapper give.
 * @param file `path`: on the remote; `piped`: it comes from a stream
 */
export function metadataOfNew(
  ctx: Context,
  dest: Location,
  { piped, ...file }: Pick<FileEntry, 'path' | 'size' | 'modified'> & { readonly piped: boolean },
  o: MetadataOptions,
): FindMetadata | undefined {
  if (!o.metadata) return undefined
  const set = parseMetadataSet(o.metadataSet ?? [])
  const mapper = openMapper(ctx, o)
  return async (_, whole) => {
    if (whole || !mapper) return whole ? undefined : set
    const entry = { kind: 'file', hashes: {}, ...file } as const
    const item = mappedItem(dest, dest, { entry, as: relative(file.path, dest.path), metadata: set })
    return await reading(ctx, () => mapper(piped ? { ...item, ...stream } : item))
  }
}

/** What rclone names as the source of a stream. */
const stream = { SrcFs: 'memory:', SrcFsType: 'object.memoryFs' }

/** How a place is named to the mapper: as it was typed, where that can be told. */
function placeName({ remote, path }: Location): string {
  const shown = remote.facts(path).shown ?? path
  return remote.type === 'local' && remote.name === 'local' ? shown : `${remote.name}:${shown}`
}

function openMapper(ctx: Context, { metadataMapper: command = [], dumpMapper: dump = false }: MetadataOptions) {
  return command.length === 0 ? undefined : createMapper(ctx, command, { dump })
}

function mappedItem(
  from: Location,
  dest: Location,
  { entry, as, metadata }: { readonly entry: Entry; readonly as: Path; readonly metadata: Metadata },
): Mapped {
  const names = Object.keys(metadata).sort()
  return {
    SrcFs: placeName(from),
    SrcFsType: from.remote.type,
    DstFs: placeName(dest),
    DstFsType: dest.remote.type,
    Remote: as,
    Size: entry.size ?? -1,
    MimeType: (entry.kind === 'file' ? entry.mimeType : undefined) ?? mimeTypeOf(basename(as)),
    ModTime: formatShortest(entry.modified ?? 0n, zoneOf(from.remote)),
    // rclone never says otherwise
    IsDir: false,
    Metadata: names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, metadata[name] ?? ''])),
  }
}

/** Disks tell times in the zone of the person who asks, services in UTC. */
function zoneOf({ type }: Remote): 'local' | 'UTC' {
  return type === 'local' ? 'local' : 'UTC'
}

async function reading(ctx: Context, read: () => Promise<Metadata>): Promise<Metadata> {
  try {
    return await read()
  } catch (error) {
    ctx.signal.throwIfAborted()
    throw again(error, `failed to read metadata from source object: ${messageOf(error)}`)
  }
}
