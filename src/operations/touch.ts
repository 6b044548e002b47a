import type { Context } from '../core/context.ts'
import type { FileEntry } from '../core/entry.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import { basename, parent, relative } from '../core/path.ts'
import type { Location, Remote } from '../core/remote.ts'
import { sourceFromBytes } from '../core/source.ts'
import type { Time } from '../core/time.ts'
import { parseRfc3339 } from '../core/time.ts'
import type { Filter } from '../filter/filter.ts'
import { parseDate } from '../options/date.ts'
import { whyNoTime } from '../options/go-time.ts'
import type { MetadataOptions } from './carry-metadata.ts'
import { metadataOfNew } from './carry-metadata.ts'
import { mapFiles } from './map-files.ts'
import { again, createFailures } from './failures.ts'
import { findFiles } from './find-files.ts'
import type { Gate, Step } from './gate.ts'
import { openGate } from './gate.ts'
import { listOne } from './list-one.ts'

export interface TouchOptions extends MetadataOptions {
  /** Only a directory can be meant. */
  readonly isDirectory?: boolean | undefined
  readonly maxDepth?: number | undefined
  readonly time: Time
  /** What is not there is not made. */
  readonly noCreate?: boolean | undefined
  /** Also the files in directories of the directory. */
  readonly recursive?: boolean | undefined
  readonly filter?: Filter | undefined
  readonly gate?: Gate | undefined
}

/**
 * Gives a file, or the files of a directory, a new time of modification; makes an empty file where nothing is
 * (rclone's surface §1.4).
 * @throws StorageError at the end, where any file of a directory failed; 'unsupported' where times cannot be set
 */
export async function touch(ctx: Context, location: Location, o: TouchOptions): Promise<void> {
  const { remote, path } = location
  const entry = path === '' || o.isDirectory ? { kind: 'dir' as const, path } : await listOne(ctx, location)
  if (entry?.kind === 'dir') return await touchAll(ctx, location, o)
  if (!entry) return await create(ctx, location, o)
  try {
    await touchFile(ctx, remote, { entry, step: { object: basename(path) } }, o)
  } catch (error) {
    throw again(error, `failed to touch: ${messageOf(error)}`)
  }
}

/**
 * Reads the time of `--timestamp`: YYMMDD, or 2006-01-02T15:04:05 with or without a fraction.
 * @param local read in local time instead of UTC
 * @throws StorageError 'invalid-argument' in rclone's words
 */
export function parseTimestamp(text: string, local: boolean): Time {
  const short = /^(\d\d)(\d\d)(\d\d)$/.exec(text)
  // As in Go, two digits of a year from 69 on mean the last century.
  const century = Number(short?.[1]) >= 69 ? '19' : '20'
  const date = short ? `${century}${short[1]}-${short[2]}-${short[3]}T00:00:00` : text
  const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?$/.test(date)
  try {
    const time = whole && (local ? parseDate(date) : parseRfc3339(`${date}Z`))
    if (typeof time === 'bigint') return time
  } catch {
    // no day that there is
  }
  const why = whyNoTime(text, layoutFor(text))
  throw new StorageError('invalid-argument', `failed to parse timestamp argument: ${why}`)
}

/** rclone goes by the length. */
function layoutFor({ length }: string): string {
  const long = '2006-01-02T15:04:05'
  return length < long.length ? '060102' : length === long.length ? long : `${long}.999999999`
}

async function touchAll(ctx: Context, location: Location, o: TouchOptions): Promise<void> {
  const failures = createFailures(ctx)
  const files = findFiles(ctx, location, { maxDepth: o.recursive ? o.maxDepth : 1, filter: o.filter })
  const touchEach = mapFiles(ctx, files, async (file) => {
    try {
      const { path, size } = file.entry
      await touchFile(
        ctx,
        location.remote,
        { ...file, step: { object: relative(path, parent(location.path)), size } },
        o,
      )
    } catch (error) {
      failures.add(file.shown, 'failed to touch', error)
    }
    return undefined
  })
  for await (const _ of touchEach) {
    // nothing is given
  }
  if (failures.count > 0) throw failures.last
}

async function touchFile(
  ctx: Context,
  remote: Remote,
  { entry, step }: { readonly entry: FileEntry; readonly step: Pick<Step, 'object' | 'size'> },
  { time, gate = openGate }: TouchOptions,
): Promise<void> {
  if ((await gate({ action: 'touch', ...step })) !== 'do') return
  if (!remote.setTimes) throw new StorageError('unsupported', `${remote.name} cannot set times`)
  await remote.setTimes(entry, { modified: time }, { signal: ctx.signal })
}

async function create(ctx: Context, { remote, path }: Location, o: TouchOptions): Promise<void> {
  const object = remote.facts(parent(path)).description
  const unwanted = o.noCreate ? '--no-create' : o.recursive ? '--recursive' : undefined
  if (unwanted !== undefined) {
    ctx.log.log({ level: 'NOTICE', object, text: `Not touching nonexistent file due to ${unwanted}` })
    return
  }
  if ((await (o.gate ?? openGate)({ action: 'touch (create)', object })) !== 'do') return
  const nothing = sourceFromBytes(new Uint8Array(), { modified: o.time })
  const dest = { remote, path: parent(path) }
  try {
    const metadata = metadataOfNew(ctx, dest, { path, size: 0, modified: o.time, piped: false }, o)
    await remote.write(path, nothing, { metadata, signal: ctx.signal })
  } catch (error) {
    throw again(error, `failed to touch (create): ${messageOf(error)}`)
  }
}
