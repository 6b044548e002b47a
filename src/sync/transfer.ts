import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { messageOf } from '../core/errors.ts'
import { commonHash } from '../core/hash.ts'
import { parent } from '../core/path.ts'
import type { Location, Remote } from '../core/remote.ts'
import type { Source } from '../core/source.ts'
import { sourceOf } from '../core/source-of.ts'
import type { MetadataCarrier } from '../operations/carry-metadata.ts'
import type { Gateway, Pace } from '../operations/paced.ts'
import { paceOf } from '../operations/paced.ts'
import type { Transfer } from './action.ts'
import { defaultParts, fetchParts } from './fetch-parts.ts'
import { copiedOnServer, movedOnServer } from './on-server.ts'
import type { TransferOptions } from './options.ts'
import { isOneFile, samePlace } from './overlap.ts'
import { serverSide } from './server-side.ts'
import type { TransferLimit, TransferShare } from './transfer-limit.ts'
import { readAhead } from '../util/read-ahead.ts'
import { refuseLinks, refuseUnseen } from './unseen.ts'
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
  /** What the listing of a disk did not show is not overwritten. */
  readonly keepsUnseen: boolean
  /** A server moves to names that are free, and no others. */
  readonly replaceNothing?: boolean | undefined
  /** What goes along with a file; undefined: its time alone. */
  readonly carrier?: MetadataCarrier | undefined
}

/**
 * How files get from `source` to `dest`: on the server where both are one account that can, else bytes are read and written.
 * What is known of their hash is compared on the way and with what the destination answers (rclone's surface §5.5).
 * @throws StorageError, from the function, 'corrupt', 'changed', and what the remotes throw
 */
export function createTransfer(ctx: Context, source: Location, dest: Location, o: TransferDuty): TransferFile {
  const verify = verifyOptions(source, dest, o)
  const native = serverSide(source, dest, { signal: ctx.signal, replaceNothing: o.replaceNothing })
  const onServer = { native, carrier: o.carrier }
  const readable = (entry: FileEntry, pace?: Pace): VerifiedSource =>
    verifiedSource(buffered(sourceOf(source.remote, entry), o.bufferSize), { ...verify, pace })

  const transfer = async (action: Transfer, share: TransferShare): Promise<Transferred> => {
    const { source: entry } = action
    const copy = await copiedOnServer(ctx, dest, action, onServer)
    if (copy) {
      share.pass(entry.size ?? 0)
      // Where it is another one than was listed, it is the source as it is now, and may have replaced a file: it stays
      readable(entry).check(copy)
      return { entry: copy, how: 'server-copy' }
    }
    const pace = paceOf(gateways(ctx, source.remote, dest.remote, o), (bytes) => share.pass(bytes))
    return await sent(ctx, { source, dest, action, content: readable(entry, pace), pace }, o)
  }

  return async (action) => {
    const { source: entry } = action
    await refuseLinks(ctx, dest, parent(action.target))
    if (o.keepsUnseen) await refuseUnseen(ctx, source, dest, action)
    const mayMove = o.move && !action.keepSource && !action.twin
    const moved = mayMove ? await movedOnServer(ctx, dest, action, onServer) : undefined
    if (moved) {
      readable(entry).check(moved)
      return { entry: moved, how: 'server-move' }
    }
    const share = o.limit.begin(entry.size)
    try {
      return await transfer(action, share)
    } finally {
      share.end()
    }
  }
}

function buffered(source: Source, bytes = 0): Source {
  if (bytes <= 0) return source
  const stream: Source['stream'] = (range, call) =>
    readAhead((signal) => source.stream(range, { signal }), bytes, call?.signal)
  return { ...source, stream }
}

/** A transfer whose bytes are read and written. */
interface Sending {
  readonly source: Location
  readonly dest: Location
  readonly action: Transfer
  readonly content: VerifiedSource
  readonly pace: Pace
}

async function sent(ctx: Context, sending: Sending, o: TransferDuty): Promise<Transferred> {
  const { dest, action, content } = sending
  const fetched = await inParts(ctx, sending, o)
  if (fetched) return { entry: fetched, how: 'parts' }
  const written = await dest.remote.write(action.target, content, {
    metadata: o.carrier?.ofFile(action.source),
    durable: o.move,
    partial: {
      inPlace: o.inplace && !(await isItsOwnSource(ctx, sending)),
      suffix: o.partialSuffix,
      root: dest.path,
    },
    signal: ctx.signal,
    onProgress: (position) => ctx.report({ type: 'transfer-progress', path: action.path, position }),
  })
  await checked(ctx, dest.remote, { content, written })
  return { entry: written, how: 'copy' }
}

/** A big file from afar comes in several streams, and goes on where an earlier run was stopped; undefined: it cannot. */
async function inParts(
  ctx: Context,
  { source, dest, action: { path, target, source: entry }, content, pace }: Sending,
  o: TransferDuty,
): Promise<FileEntry | undefined> {
  const { cutoff, streams, chunkSize } = o.multiThread ?? defaultParts
  const { size } = entry
  if (!dest.remote.openParts || isDisk(source.remote) || o.ignoreChecksum) return undefined
  if (size === undefined || cutoff < 0 || size < cutoff || streams < 1) return undefined
  const { signal } = ctx
  const partial = { inPlace: o.inplace, suffix: o.partialSuffix, root: dest.path }
  const options = { partial, durable: o.move, metadata: o.carrier?.ofFile(entry), signal }
  await using writer = await dest.remote.openParts(target, content, options)
  if (!writer) return undefined
  await using reader = await source.remote.open(entry.path, { signal, expect: entry, verify: false })
  const onProgress = (position: number): void => ctx.report({ type: 'transfer-progress', path, position })
  return await fetchParts(ctx, { reader, writer, size }, { streams, chunkSize, pace, onProgress })
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
    await remote.remove(written.path, { signal: ctx.signal }).catch((failure: unknown) => {
      ctx.signal.throwIfAborted()
      const text = `Failed to remove failed copy: ${messageOf(failure)}`
      ctx.log.log({ level: 'ERROR', object: written.path, text })
    })
    throw error
  }
}

function verifyOptions(source: Location, dest: Location, o: TransferDuty): VerifyOptions {
  const [from, to] = [source.remote.facts(source.path), dest.remote.facts(dest.path)]
  const type = o.ignoreChecksum ? undefined : commonHash(from.hashes, to.hashes)
  // Where both sides only find a hash by reading, nothing could be compared with it.
  const comparable = !from.slowHash || !to.slowHash
  return {
    type,
    hashPassing: comparable && to.needsHashBeforeWrite !== type,
    names: { source: from.description, dest: to.description },
  }
}

/** Bytes count against the limit of every network that they pass; between two disks against that for sending. */
function gateways(ctx: Context, source: Remote, dest: Remote, { filePace }: TransferDuty): readonly Gateway[] {
  const { bandwidth: limit } = ctx.limits
  const [far, there] = [!isDisk(source), !isDisk(dest)]
  const ofFile = filePace?.()
  return [
    ...(far ? [{ limit, way: 'down' as const }] : []),
    ...(there || !far ? [{ limit, way: 'up' as const }] : []),
    ...(ofFile ? [{ limit: ofFile, way: far && !there ? ('down' as const) : ('up' as const) }] : []),
  ]
}

/** Written in place, the file would be emptied before it is read. */
async function isItsOwnSource(
  { signal }: Context,
  { source, dest, action }: Pick<Sending, 'source' | 'dest' | 'action'>,
): Promise<boolean> {
  if (!isDisk(source.remote) || !isDisk(dest.remote)) return false
  const { source: entry, target: path } = action
  if (samePlace({ remote: source.remote, path: entry.path }, { remote: dest.remote, path })) return true
  const there = await dest.remote.stat(path, { signal })
  return there?.kind === 'file' && isOneFile({ remote: source.remote, entry }, { remote: dest.remote, entry: there })
}

function isDisk(remote: Remote): boolean {
  return remote.type === 'local'
}
