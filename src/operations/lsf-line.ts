import type { Entry } from '../core/entry.ts'
import { StorageError } from '../core/errors.ts'
import type { HashType } from '../core/hash.ts'
import { basename } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import { goJson } from '../options/go-json.ts'
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
 * @throws StorageError 'invalid-argument' for a letter that is none
 */
export function createLsfLine(remote: Remote, o: LsfFormat, onHashError: (shown: string) => void): LsfLine {
  const columns = Array.from(o.format, (letter) => column(letter, remote, o, onHashError))
  return async (entry, shown) => {
    const fields: string[] = []
    for (const field of columns) fields.push(await field(entry, shown))
    return o.csv
      ? fields.map((field) => csvField(field, o.separator.charAt(0))).join(o.separator.charAt(0))
      : fields.join(o.separator)
  }
}

type Column = (entry: Entry, shown: string) => string | Promise<string>

function column(letter: string, remote: Remote, o: LsfFormat, onHashError: (shown: string) => void): Column {
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
      return async (entry, shown) => await hashOf(entry, remote, o.hash, () => onHashError(shown))
    case 'm':
      return (entry) =>
        entry.kind === 'dir' ? 'inode/directory' : (entry.mimeType ?? mimeTypeOf(basename(entry.path)))
    case 'M':
      return async (entry) => goJson((await remote.metadata?.(entry)) ?? {})
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

async function hashOf(entry: Entry, remote: Remote, type: HashType, onError: () => void): Promise<string> {
  if (entry.kind === 'dir') return ''
  if (!remote.facts(entry.path).hashes.includes(type)) {
    onError()
    return ''
  }
  return entry.hashes[type] ?? (await remote.hash?.(entry, type)) ?? ''
}

/** RFC 4180 as Go writes it: quotes where the field holds a quote, the separator, a line break, or begins with a space. */
function csvField(field: string, separator: string): string {
  if (field === '') return field
  const quoted = field.includes(separator) || /["\r\n]/.test(field) || /^\s/.test(field)
  return quoted ? `"${field.replaceAll('"', '""')}"` : field
}
