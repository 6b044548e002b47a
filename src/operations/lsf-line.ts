import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { messageOf, StorageError } from '../core/errors.ts'
import type { HashType } from '../core/hash.ts'
import { basename } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import { goJson } from '../options/go-json.ts'
import type { FoundFile } from './find-files.ts'
import { hashOf } from './hashes-of.ts'
import { mimeTypeOf } from './mime-type.ts'
import { formatTime } from '../options/time-layout.ts'

/** How a line of `lsf` is made (rclone's surface §1.2). */
export interface LsfFormat {
  /** Letters: p path, s size, t time, h hash, i id, o original id, m MIME type, T tier, M metadata. */
  readonly format: string
  readonly separator: string
  readonly csv: boolean
  readonly dirSlash: boolean
  readonly absolute: boolean
  readonly hash: HashType
  readonly timeLayout: string
  /** The time of a directory that has none. */
  readonly defaultTime: Time
}

/** Makes one line; asks the remote where a hash did not come with the listing. */
export type LsfLine = (entry: Entry, shown: string) => Promise<string>

/**
 * A hash that cannot be had is logged and left out.
 * @throws StorageError 'invalid-argument' for a letter that is none
 */
export function createLsfLine(ctx: Context, remote: Remote, o: LsfFormat): LsfLine {
  const columns = Array.from(o.format, (letter) => column(ctx, letter, remote, o))
  return async (entry, shown) => {
    const fields: string[] = []
    for (const field of columns) fields.push(await field(entry, shown))
    return o.csv
      ? fields.map((field) => csvField(field, o.separator.charAt(0))).join(o.separator.charAt(0))
      : fields.join(o.separator)
  }
}

type Column = (entry: Entry, shown: string) => string | Promise<string>

function column(ctx: Context, letter: string, remote: Remote, o: LsfFormat): Column {
  switch (letter) {
    case 'p':
      return (entry, shown) =>
        `${o.absolute && !shown.startsWith('/') ? '/' : ''}${shown}${entry.kind === 'dir' && o.dirSlash ? '/' : ''}`
    case 's':
      return (entry) => String(entry.kind === 'dir' ? -1 : (entry.size ?? -1))
    case 't':
      return (entry) =>
        formatTime(entry.modified ?? o.defaultTime, o.timeLayout, remote.facts(entry.path).timePrecision)
    case 'h':
      return async (entry, shown) =>
        entry.kind === 'dir' ? '' : await hashField(ctx, remote, { entry, shown }, o.hash)
    case 'm':
      return (entry) =>
        entry.kind === 'dir' ? 'inode/directory' : (entry.mimeType ?? mimeTypeOf(basename(entry.path)))
    case 'M':
      return async (entry) => goJson((await remote.metadata?.(entry, { signal: ctx.signal })) ?? {})
    case 'i':
    case 'o':
    case 'T':
      return () => ''
    case 'e':
      throw new StorageError('unsupported', 'the remote needs to be of type "crypt"')
    default:
      throw new StorageError('invalid-argument', `unknown format character '${letter}'`)
  }
}

async function hashField(ctx: Context, remote: Remote, { entry, shown }: FoundFile, type: HashType): Promise<string> {
  try {
    return (await hashOf(ctx, remote, entry, type)) ?? ''
  } catch (error) {
    ctx.signal.throwIfAborted()
    ctx.log.log({ level: 'ERROR', object: shown, text: `Failed to read hash: ${messageOf(error)}` })
    return ''
  }
}

/** RFC 4180 as Go writes it: quotes where the field holds a quote, the separator, a line break, or begins with a space. */
function csvField(field: string, separator: string): string {
  if (field === '') return field
  const quoted = field.includes(separator) || /["\r\n]/.test(field) || /^\s/.test(field)
  return quoted ? `"${field.replaceAll('"', '""')}"` : field
}
