import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { commonHash } from '../core/hash.ts'
import type { Location, Metadata, Remote } from '../core/remote.ts'
import { sourceOf } from '../core/source-of.ts'
import type { Source } from '../core/source.ts'
import type { Transfer } from './action.ts'
import { fetchParts } from './fetch-parts.ts'
import type { MultiThread, TransferOptions } from './options.ts'
import type { ServerSide } from './server-side.ts'
import { serverSide } from './server-side.ts'
import type { TransferLimit } from './transfer-limit.ts'
import type { VerifiedSource, VerifyOptions } from './verified-source.ts'
import { verifiedSource } from './verified-source.ts'

/** What came of a transfer. A 'server-move' has taken the source along. */
export interface Transferred {
  readonly entry: FileEntry
  readonly how: 'copy' | 'parts' | 'server-copy' | 'server-move'
}

/** Brings one file to the destination, whole and verified, or not at all. */
export type TransferFile = (action: Transfer) => Promise<Transferred>

export interface TransferDuty extends TransferOptions {
  /** The source is to go: what is written is safe before that, and a server may move instead of copy. */
  readonly move: boolean
  readonly limit: TransferLimit
  /** What goes along with a file; undefined: its time alone. */
  readonly metadataOf?: ((source: FileEntry) => Promise<Metadata | undefined>) | undefined
}

/**
 * How files get from `source` to `dest`: on the server where both are one account that can, else bytes are read and written.
 * What is known of their hash is compared on the way and with what the destination answers (rclone's surface §5.5).
 * @throws StorageError, from the function, 'corrupt', 'changed', and what the remotes throw
 */
export function createTransfer(ctx: Context, source: Location, dest: Location, o: TransferDuty): TransferFile {
  const verify = verifyOptions(ctx, source, dest, o)
  const native = serverSide(source, dest, ctx.signal)
  return async (action) => {
    const { source: entry } = action
    o.limit.begin(entry.size)
    const pace = verify.pace()
    const content = verifiedSource(sourceOf(source.remote, entry), { ...verify, pace })
    const done = await onServer(ctx, dest, { action, native, move: o.move })
    if (done) {
      // Where it is another one than was listed, it is the source as it is now, and may have replaced a file: it stays
      content.check(done.entry)
      return done
    }
    const fetched = await inParts(ctx, { source, dest, action, content, pace }, o)
    if (fetched) return { entry: fetched, how: 'parts' }
    const written = await dest.remote.write(action.target, content, {
      replaces: action.dest,
      metadata: await o.metadataOf?.(entry),
      durable: o.move,
      partial: { inPlace: o.inplace, suffix: o.partialSuffix },
      signal: ctx.signal,
      onProgress: (position) => ctx.report({ type: 'transfer-progress', path: action.path, position }),
    })
    await checked(ctx, dest.remote, { content, written })
    return { entry: written, how: 'copy' }
  }
}

/** A big file from afar comes in several streams, and goes on where an earlier run was stopped; undefined: it cannot. */
async function inParts(
  ctx: Context,
  {
    source,
    dest,
    action: { path, target, source: entry },
    content,
    pace,
  }: {
    readonly source: Location
    readonly dest: Location
    readonly action: Transfer
    readonly content: Source
    readonly pace: VerifyOptions['pace']
  },
  o: TransferDuty,
): Promise<FileEntry | undefined> {
  const { cutoff, streams, chunkSize } = o.multiThread ?? defaultParts
  const { size } = entry
  if (!dest.remote.openParts || isDisk(source.remote) || o.ignoreChecksum) return undefined
  if (size === undefined || cutoff < 0 || size < cutoff || streams < 1) return undefined
  const { signal } = ctx
  const partial = { inPlace: o.inplace, suffix: o.partialSuffix }
  const options = { partial, durable: o.move, metadata: await o.metadataOf?.(entry), signal }
  await using writer = await dest.remote.openParts(target, content, options)
  if (!writer) return undefined
  await using reader = await source.remote.open(entry.path, { signal, expect: entry, verify: false })
  const onProgress = (position: number): void => ctx.report({ type: 'transfer-progress', path, position })
  return await fetchParts(ctx, { reader, writer, size }, { streams, chunkSize, pace, onProgress })
}

/** One connection to Jottacloud is slow; several together are not. */
const defaultParts: MultiThread = { cutoff: 16 * 1024 * 1024, streams: 4, chunkSize: 64 * 1024 * 1024 }

/** What the destination's server can do by itself; undefined where bytes have to be read and written. */
async function onServer(
  ctx: Context,
  { remote }: Location,
  { action, native, move }: { readonly action: Transfer; readonly native: ServerSide; readonly move: boolean },
): Promise<Transferred | undefined> {
  const { path, target, source } = action
  const size = source.size ?? 0
  const copied =
    (await copyOfTwin(ctx, remote, action)) ?? (move ? undefined : await native.copy?.(source.path, target))
  const moved = copied || !move ? undefined : await native.move?.(source.path, target)
  if (moved) {
    ctx.report({ type: 'server-side-move', path, size })
    return { entry: moved, how: 'server-move' }
  }
  const copy = copied ?? (move ? await native.copy?.(source.path, target) : undefined)
  if (!copy) return undefined
  ctx.report({ type: 'server-side-copy', path, size })
  return { entry: await timed(ctx, remote, copy, source), how: 'server-copy' }
}

/** What `--copy-dest` has found, as a copy. */
async function copyOfTwin(ctx: Context, remote: Remote, { target, twin }: Transfer): Promise<FileEntry | undefined> {
  if (!twin) return undefined
  const from = { remote: twin.remote, path: twin.entry.path }
  return await serverSide(from, { remote, path: target }, ctx.signal).copy?.(from.path, target)
}

/** A copy of a twin, or one whose server gave it another time. */
async function timed(ctx: Context, remote: Remote, copy: FileEntry, source: FileEntry): Promise<FileEntry> {
  const precision = remote.facts(copy.path).timePrecision
  const apart = copy.modified > source.modified ? copy.modified - source.modified : source.modified - copy.modified
  if (precision === undefined || apart < precision || !remote.setTimes) return copy
  await remote.setTimes(copy, { modified: source.modified }, { signal: ctx.signal })
  return { ...copy, modified: source.modified }
}

/** Takes away again what is not what it should be. */
async function checked(
  ctx: Context,
  remote: Remote,
  { content, written }: { readonly content: VerifiedSource; readonly written: FileEntry },
): Promise<void> {
  try {
    content.check(written)
  } catch (error) {
    await remote.remove(written.path, { signal: ctx.signal })
    throw error
  }
}

function verifyOptions(
  ctx: Context,
  source: Location,
  dest: Location,
  o: TransferDuty,
): Omit<VerifyOptions, 'pace'> & { readonly pace: () => VerifyOptions['pace'] } {
  const [from, to] = [source.remote.facts(source.path), dest.remote.facts(dest.path)]
  const type = o.ignoreChecksum ? undefined : commonHash(from.hashes, to.hashes)
  // Where both sides only find a hash by reading, nothing could be compared with it.
  const comparable = !from.slowHash || !to.slowHash
  return {
    type,
    hashPassing: comparable && to.needsHashBeforeWrite !== type,
    names: { source: from.description, dest: to.description },
    pace: () => paceOf(ctx, { source: source.remote, dest: dest.remote }, o),
  }
}

/** Bytes count against the limit of every network that they pass; between two disks against that for sending. */
function paceOf(
  ctx: Context,
  { source, dest }: { readonly source: Remote; readonly dest: Remote },
  { limit, filePace }: TransferDuty,
): VerifyOptions['pace'] {
  const { bandwidth } = ctx.limits
  const [far, there] = [!isDisk(source), !isDisk(dest)]
  const ofFile = filePace?.()
  return async (bytes, signal) => {
    limit.pass(bytes)
    if (far) await bandwidth.take('down', bytes, signal)
    if (there || !far) await bandwidth.take('up', bytes, signal)
    await ofFile?.take(far && !there ? 'down' : 'up', bytes, signal)
  }
}

function isDisk(remote: Remote): boolean {
  return remote.type === 'local'
}
