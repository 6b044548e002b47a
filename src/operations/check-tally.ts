import type { Context, LogLevel } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import type { Failures } from './failures.ts'

/** What is said of one path, and the sign that a combined report puts before it. */
export const checkSigns = {
  match: '=',
  differ: '*',
  'missing-on-src': '-',
  'missing-on-dst': '+',
  error: '!',
} as const

export type CheckOutcome = keyof typeof checkSigns

/** Told of the outcome of every path. */
export type OnOutcome = (outcome: CheckOutcome, path: Path) => void

/** Counts the outcomes of a comparison and says them as rclone does (rclone's surface §1.3, check and checksum). */
export interface CheckTally {
  /** @param checked whether there were hashes, or contents, to compare */
  match(path: Path, checked: boolean): void
  /** @param text says what differs */
  differ(path: Path, text: string): void
  missingOnSource(path: Path, text: string): void
  missingOnDest(path: Path): void
  failed(path: Path, error: unknown): void
  /**
   * The last lines.
   * @param unlisted errors besides those of single paths
   * @throws StorageError 'corrupt' where anything differed
   */
  end(unlisted?: number): void
}

/** An empty tally. @param o the descriptions of both sides; a list of sums has none */
export function createCheckTally(
  ctx: Context,
  o: {
    readonly source: string | undefined
    readonly dest: string
    readonly failures: Failures
    readonly onOutcome?: OnOutcome | undefined
  },
): CheckTally {
  const counts = { differences: 0, missingSource: 0, missingDest: 0, unchecked: 0, matches: 0 }
  const say = (level: LogLevel, object: string | undefined, text: string): void => ctx.log.log({ level, object, text })
  const report = (outcome: CheckOutcome, path: Path): void => o.onOutcome?.(outcome, path)
  const count = (path: Path, text: string): void => {
    say('ERROR', path, text)
    o.failures.note(path, new StorageError('corrupt', text, { details: { path } }))
  }
  const sum = (object: string | undefined, n: number, text: string): void => {
    if (n > 0) say('NOTICE', object, `${n} ${text}`)
  }
  return {
    match(path, checked) {
      counts.matches++
      if (!checked) counts.unchecked++
      report('match', path)
    },
    differ(path, text) {
      counts.differences++
      count(path, text)
      report('differ', path)
    },
    missingOnSource(path, text) {
      counts.differences++
      counts.missingSource++
      count(path, text)
      report('missing-on-src', path)
    },
    missingOnDest(path) {
      counts.missingDest++
      // A path of a list of sums that is not there is no difference in rclone's count
      if (o.source !== undefined) counts.differences++
      count(path, `file not in ${o.dest}`)
      report('missing-on-dst', path)
    },
    failed(path, error) {
      o.failures.note(path, error)
      report('error', path)
    },
    end(unlisted = 0) {
      sum(o.dest, counts.missingDest, 'files missing')
      sum(o.source, counts.missingSource, o.source === undefined ? 'hashes missing' : 'files missing')
      say('NOTICE', o.dest, `${counts.differences} differences found`)
      sum(o.dest, o.failures.count + unlisted, 'errors while checking')
      sum(o.dest, counts.unchecked, 'hashes could not be checked')
      sum(o.dest, counts.matches, 'matching files')
      if (o.source === undefined && counts.missingDest > 0) {
        throw new StorageError('corrupt', `file not in ${o.dest}`)
      }
      if (counts.differences > 0) {
        throw new StorageError('corrupt', `${counts.differences} differences found`, { details: { summary: true } })
      }
      if (o.failures.count > 0) throw o.failures.last
    },
  }
}
