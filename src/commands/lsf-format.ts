import { StorageError } from '../core/errors.ts'
import type { Time } from '../core/time.ts'
import { parseHashType } from '../operations/hash-names.ts'
import type { LsfFormat } from '../operations/lsf-line.ts'
import { dateTimeLayout } from '../options/time-layout.ts'
import { option } from '../options/option.ts'
import type { ValuesOf } from '../options/option.ts'
import { bool, text } from '../options/types.ts'

/** How lines of lsf look, and of what is written in its form (rclone's surface §1.2). */
export const lsfOptions = {
  format: option(
    text,
    'p',
    'Fields to print, in this order: p path, s size, t time, h hash, m MIME type, i ID, o original ID, T tier, M metadata',
    { short: 'F' },
  ),
  separator: option(text, ';', 'What stands between fields', { short: 's' }),
  dirSlash: option(bool, true, 'Put a slash behind the names of directories', { short: 'd' }),
  absolute: option(bool, false, 'Put a slash before every path'),
  csv: option(bool, false, 'Quote fields as CSV does'),
  dirsOnly: option(bool, false, 'List directories only'),
  filesOnly: option(bool, false, 'List files only'),
  hash: option(text, 'md5', 'The hash that h prints'),
}

/** A layout of times: of a flag that each command calls its own way. */
export const timeLayoutOption = option(text, '', 'A Go time layout, the name of one, max, unix or unixnano', {
  short: 't',
})

/** The format that the options ask for. @throws StorageError 'invalid-argument' for an unknown hash */
export function lsfFormat(o: ValuesOf<typeof lsfOptions>, timeLayout: string, defaultTime: Time): LsfFormat {
  const hash = parseHashType(o.hash)
  if (!hash) throw new StorageError('invalid-argument', `unknown hash type "${o.hash}"`)
  const separator = o.csv && o.separator === ';' ? ',' : o.separator
  return { ...o, separator, hash, timeLayout: timeLayout || dateTimeLayout, defaultTime }
}
