import { formatRfc3339, type Time } from '../core/time.ts'
import { formatSizeUnit } from '../options/size-format.ts'
import type { Limits } from './limits.ts'

/** The parts of a filter that `--dump filters` shows. */
export interface DumpedParts {
  readonly limits: Limits
  readonly fileRules: readonly string[]
  readonly dirRules: readonly string[]
  readonly metadataRules: readonly string[]
}

/** The lines that `--dump filters` prints to standard output (rclone's surface §2.3, golden case dump-filters). */
export function dumpLines({ limits, fileRules, dirRules, metadataRules }: DumpedParts): readonly string[] {
  return [
    '--- start filters ---',
    ...limitLines(limits),
    '--- File filter rules ---',
    ...fileRules,
    '--- Directory filter rules ---',
    ...dirRules,
    ...(metadataRules.length > 0 ? ['--- Metadata filter rules ---', ...metadataRules] : []),
    '--- end filters ---',
  ]
}

function limitLines({ oldest, newest, smallest, largest }: Limits): readonly string[] {
  const lines: string[] = []
  if (oldest !== undefined) lines.push(`Last-modified date must be equal or greater than: ${goTime(oldest)}`)
  if (newest !== undefined) lines.push(`Last-modified date must be equal or less than: ${goTime(newest)}`)
  if (smallest !== undefined) lines.push(`Minimum size is: ${formatSizeUnit(smallest)}`)
  if (largest !== undefined) lines.push(`Maximum size is: ${formatSizeUnit(largest)}`)
  return lines
}

/** `2026-08-21 12:00:00.5 +0000 UTC` */
function goTime(time: Time): string {
  const text = formatRfc3339(time, 9)
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '')
  return `${text} +0000 UTC`
}
