import type { Path } from '../core/path.ts'
import { typedPath } from '../options/standard-names.ts'

/** Hashes by path, in the order of the list. */
export type SumList = ReadonlyMap<Path, string>

const mostWarnings = 3

/**
 * Reads what md5sum and its relatives print: `HASH  path` or `HASH *path` a line; hashes come in lower case. Blank lines are
 * passed over; other lines, and a path for the second time, are told of, three of them one by one (rclone's surface §1.3).
 */
export function parseSumList(text: string, warn: (text: string) => void): SumList {
  const sums = new Map<Path, string>()
  let warnings = 0
  const complain = (complaint: string): void => {
    warnings++
    if (warnings <= mostWarnings) warn(complaint)
  }
  for (const [number, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue
    const match = /^([^ ]+) [ *](.+)$/.exec(line)
    const hash = match?.[1] ?? ''
    const path = typedPath(match?.[2] ?? '')
    if (!match) complain(`improperly formatted checksum line ${number}`)
    else if (sums.has(path)) complain(`duplicate file on checksum line ${number}`)
    else sums.set(path, hash.toLowerCase())
  }
  if (warnings > mostWarnings) warn(`${warnings - mostWarnings} warning(s) suppressed...`)
  return sums
}
