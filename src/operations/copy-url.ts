import type { Context } from '../core/context.ts'
import { messageOf } from '../core/errors.ts'
import { basename, join, parent } from '../core/path.ts'
import type { Location } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import { timeFrom } from '../core/time.ts'
import { splitCsv } from '../options/csv.ts'
import { goQuote } from '../options/go-syntax.ts'
import { mapConcurrent } from '../util/async.ts'
import type { MetadataOptions } from './carry-metadata.ts'
import { again } from './failures.ts'
import type { Gate } from './gate.ts'
import type { GotUrl, UrlGetter } from './get-url.ts'
import { copyUrlError, getUrl } from './get-url.ts'
import { listOne } from './list-one.ts'
import { limited } from './paced.ts'
import { rcat } from './rcat.ts'
import { nameInHeader, nameInUrl } from './url-name.ts'

export interface CopyUrlOptions extends MetadataOptions {
  readonly http: UrlGetter
  /** The time of what the server tells no time of. */
  readonly now: Time
  /** A file that is there is an error. */
  readonly noClobber?: boolean | undefined
  /** The name that the server proposes is taken, where `dest` names a directory. */
  readonly headerFilename?: boolean | undefined
  /** Told of the name before anything is written. */
  readonly onName?: ((name: string) => void) | undefined
  readonly gate?: Gate | undefined
}

/** A directory, and the name in it; undefined: the name is that of the URL. */
export interface UrlTarget extends Location {
  readonly file: string | undefined
}

/**
 * Writes what a URL gives to a file, with the time that the server tells (rclone's surface §1.4, copyurl).
 * @throws StorageError `CopyURL failed: …`, or what writing throws
 */
export async function copyUrl(ctx: Context, url: string, dest: UrlTarget, o: CopyUrlOptions): Promise<void> {
  const got = await getUrl(o.http, url, ctx.signal)
  try {
    const file = dest.file ?? (o.headerFilename ? nameInHeader(got) : nameInUrl(got))
    o.onName?.(file)
    const path = join(dest.path, file)
    if (o.noClobber && (await listOne(ctx, { remote: dest.remote, path }))) throw copyUrlError('file already exist')
    const target = { remote: dest.remote, path: parent(path), file: basename(path) }
    await rcat(ctx, target, limited(ctx, 'down', got.body), { ...o, size: sizeOf(got), modified: timeOf(got, o.now) })
  } finally {
    await got.discard()
  }
}

/**
 * The same for the lines of a CSV file, each a URL and perhaps a name: as many at once as `ctx.limits.transfers` lets. A line
 * that fails is logged, and the others go on.
 * @throws StorageError at the end, about the last that failed
 */
export async function copyUrls(ctx: Context, csv: string, dest: Location, o: CopyUrlOptions): Promise<void> {
  const lines = csv.split(/\r?\n/).filter((line) => line.trim() !== '')
  let last: unknown
  await mapConcurrent(lines, ctx.limits.transfers.limit, async (line) => {
    ctx.stop.throwIfAborted()
    const [url = '', name = ''] = fieldsOf(line)
    try {
      await copyUrl(ctx, url, { ...dest, file: name || undefined }, o)
    } catch (error) {
      ctx.signal.throwIfAborted()
      ctx.log.log({ level: 'ERROR', text: `failed to copy URL ${goQuote(url)}: ${messageOf(error)}` })
      last = error
    }
  })
  if (last !== undefined) throw again(last, `not all URLs copied successfully: ${messageOf(last)}`)
}

/** A line whose quotes do not fit is a URL. */
function fieldsOf(line: string): readonly string[] {
  try {
    return splitCsv(line, ',').map((field) => field.trim())
  } catch {
    return [line.trim()]
  }
}

function sizeOf({ header }: GotUrl): number | undefined {
  const length = header('content-length') ?? ''
  return /^\d+$/.test(length) && header('content-encoding') === undefined ? Number(length) : undefined
}

function timeOf({ header }: GotUrl, now: Time): Time {
  const time = Date.parse(header('last-modified') ?? '')
  return Number.isNaN(time) ? now : timeFrom(time)
}
