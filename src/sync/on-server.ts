import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import type { Location, Remote } from '../core/remote.ts'
import { within } from '../core/time.ts'
import type { MetadataCarrier } from '../operations/carry-metadata.ts'
import type { Transfer } from './action.ts'
import type { ServerSide } from './server-side.ts'
import { serverSide } from './server-side.ts'

/** What the destination's server does by itself, without a byte going over the wire. */
export interface OnServer {
  readonly native: ServerSide
  readonly carrier: MetadataCarrier | undefined
}

/** Moved by the destination's server; undefined where it cannot. */
export async function movedOnServer(
  ctx: Context,
  { remote }: Location,
  { path, target, source }: Transfer,
  { native: { move }, carrier }: OnServer,
): Promise<FileEntry | undefined> {
  if (!move) return undefined
  const moved = await withMetadata(ctx, remote, { source, carrier }, () => move(source.path, target))
  if (moved) ctx.report({ type: 'server-side-move', path, size: source.size ?? 0 })
  return moved
}

/** Copied by the destination's server; undefined where bytes have to be read and written. */
export async function copiedOnServer(
  ctx: Context,
  { remote }: Location,
  action: Transfer,
  { native, carrier }: OnServer,
): Promise<FileEntry | undefined> {
  const { path, target, source, twin } = action
  if (!twin && !native.copy) return undefined
  return await withMetadata(ctx, remote, { source, carrier }, async () => {
    const copy = (await copyOfTwin(ctx, remote, action)) ?? (await native.copy?.(source.path, target))
    if (!copy) return undefined
    ctx.report({ type: 'server-side-copy', path, size: source.size ?? 0 })
    return await timed(ctx, remote, copy, source)
  })
}

/** What goes along is read before the source may be gone. */
async function withMetadata(
  { signal }: Context,
  remote: Remote,
  { source, carrier }: { readonly source: FileEntry; readonly carrier: MetadataCarrier | undefined },
  run: () => Promise<FileEntry | undefined>,
): Promise<FileEntry | undefined> {
  const metadata = carrier?.changes ? await carrier.ofOriginal(source) : undefined
  const entry = await run()
  if (entry && metadata) await remote.setMetadata?.(entry, metadata, { signal })
  return entry
}

/** What `--copy-dest` has found, as a copy. */
async function copyOfTwin(
  { signal }: Context,
  remote: Remote,
  { target, twin }: Transfer,
): Promise<FileEntry | undefined> {
  if (!twin) return undefined
  const from = { remote: twin.remote, path: twin.entry.path }
  return await serverSide(from, { remote, path: target }, { signal }).copy?.(from.path, target)
}

/** A copy of a twin, or one whose server gave it another time. */
async function timed(ctx: Context, remote: Remote, copy: FileEntry, source: FileEntry): Promise<FileEntry> {
  const precision = remote.facts(copy.path).timePrecision
  const { modified } = source
  if (precision === undefined || within(copy.modified, modified, precision) || !remote.setTimes) return copy
  await remote.setTimes(copy, { modified }, { signal: ctx.signal })
  return { ...copy, modified }
}
