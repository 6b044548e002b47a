import { formatGoDuration, formatReadable } from '../options/duration-format.ts'
import { formatBitRate, formatByteRate, formatSizeUnit } from '../options/size-format.ts'
import type { ErrorCounts, StatsSnapshot, Transferring } from './stats-snapshot.ts'
import { visible } from './visible.ts'

/** How statistics are written. */
export interface StatsLook {
  readonly oneLine: boolean
  /** What stands before the one line. */
  readonly stamp: string
  readonly unit: 'bytes' | 'bits'
  /** How much of a name is shown; 0 is all. */
  readonly nameLength: number
}

/** Seconds that fit into nanoseconds of 64 bits: more is no estimate. */
const longest = 2 ** 63 / 1e9

/** Seconds until `size` bytes are done; undefined where nobody knows. */
export function secondsLeft(done: number, size: number, speed: number): number | undefined {
  if (size <= 0 || speed <= 0 || size < done) return undefined
  const seconds = Math.floor((size - done) / speed)
  return seconds < longest ? seconds : undefined
}

/** The statistics as rclone's block, which begins and ends with a line end, or as its one line (rclone's surface 6). */
export function formatStats(stats: StatsSnapshot, look: StatsLook): string {
  const rate = look.unit === 'bits' ? formatBitRate : formatByteRate
  const done = formatSizeUnit(stats.bytes).padStart(13)
  const total = formatSizeUnit(stats.totalBytes)
  const share = percent(stats.bytes, stats.totalBytes)
  const sizes = `${done} / ${total}, ${share}, ${rate(stats.speed)}, ETA ${timeLeft(stats)}`
  return look.oneLine ? look.stamp + sizes + queues(stats) : block(stats, sizes, look)
}

/** How long it will take, in at most three units; '-' where nobody knows. */
export function timeLeft({ bytes, totalBytes, speed }: StatsSnapshot): string {
  const left = secondsLeft(bytes, totalBytes, speed)
  return left === undefined ? '-' : formatReadable(nanoseconds(left), 3)
}

function queues({ transfers, totalTransfers, transferQueue, checks, totalChecks, checkQueue }: StatsSnapshot): string {
  const parts: string[] = []
  if (transferQueue > 0) parts.push(`xfr#${transfers}/${totalTransfers}`)
  if (checkQueue > 0) parts.push(`chk#${checks}/${totalChecks}`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function block(s: StatsSnapshot, sizes: string, look: StatsLook): string {
  const lines = [`Transferred:   \t${sizes}`]
  const add = (label: string, counts: readonly number[], rest: (first: string) => string): void => {
    if (counts.some((count) => count !== 0)) lines.push(label + rest(String(counts[0]).padStart(25 - label.length)))
  }
  add('Errors:        ', [s.errors.count], (n) => `${n}${aboutErrors(s.errors)}`)
  const { checks, totalChecks, listed } = s
  add(
    'Checks:        ',
    [checks, totalChecks, listed],
    (n) => `${n} / ${totalChecks}, ${percent(checks, totalChecks)}, Listed ${listed}`,
  )
  add(
    'Deleted:       ',
    [s.deletes, s.deletedDirs],
    (n) => `${n} (files), ${s.deletedDirs} (dirs), ${formatSizeUnit(s.deletedBytes)} (freed)`,
  )
  add('Renamed:       ', [s.renames], String)
  add(
    'Transferred:   ',
    [s.transfers, s.totalTransfers],
    (n) => `${n} / ${s.totalTransfers}, ${percent(s.transfers, s.totalTransfers)}`,
  )
  add('Server Side Copies:', [s.serverSideCopies], (n) => `${n} @ ${formatSizeUnit(s.serverSideCopyBytes)}`)
  add('Server Side Moves: ', [s.serverSideMoves], (n) => `${n} @ ${formatSizeUnit(s.serverSideMoveBytes)}`)
  lines.push(`Elapsed time:  ${elapsed(s.elapsed).padStart(10)}s`)
  if (s.checking.length > 0) lines.push('Checking:', ...s.checking.map((name) => ` * ${column(name, look)}: checking`))
  if (s.transferring.length > 0)
    lines.push('Transferring:', ...s.transferring.map((file) => ` * ${fileLine(file, look)}`))
  return `\n${lines.join('\n')}\n`
}

function aboutErrors({ fatal, retry }: ErrorCounts): string {
  if (fatal) return ' (fatal error encountered)'
  return retry ? ' (retrying may help)' : ' (no need to retry)'
}

/** Whole minutes, then seconds with one decimal, without the last s: `1h2m0.5`. */
function elapsed(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const whole = minutes === 0 ? '' : formatReadable(nanoseconds(minutes * 60))
  return whole + (Math.floor((ms % 60_000) / 100) / 10).toFixed(1)
}

function fileLine({ name, size, bytes, speed }: Transferring, look: StatsLook): string {
  if (bytes <= 0) return `${column(name, look)}: transferring`
  const done = size > 0 ? Math.floor((100 * bytes) / size) : 0
  const left = secondsLeft(bytes, size, speed)
  const rate = look.unit === 'bits' ? formatBitRate(speed) : formatByteRate(speed)
  const eta = left === undefined ? '-' : formatGoDuration(nanoseconds(left))
  return `${column(name, look)}:${String(done).padStart(3)}% / ${formatSizeUnit(size)}, ${rate}, ${eta}`
}

/** A name in its column, cut in the middle where it is too long. */
function column(name: string, { nameLength }: StatsLook): string {
  const chars = Array.from(visible(name))
  if (nameLength <= 0) return chars.join('')
  if (chars.length <= nameLength) return ' '.repeat(nameLength - chars.length) + chars.join('')
  const tail = Math.floor((nameLength - 1) / 2)
  return [...chars.slice(0, nameLength - 1 - tail), '…', ...chars.slice(chars.length - tail)].join('')
}

function percent(part: number, whole: number): string {
  return whole <= 0 ? '-' : `${Math.floor((part * 100) / whole + 0.5)}%`
}

function nanoseconds(seconds: number): bigint {
  return BigInt(seconds) * 1_000_000_000n
}
