import type { Invocation } from '../cli/command.ts'
import { openReportFile } from '../cli/report-file.ts'
import { messageOf } from '../core/errors.ts'
import type { Path } from '../core/path.ts'
import { parent } from '../core/path.ts'
import { createLsfLine } from '../operations/lsf-line.ts'
import { option } from '../options/option.ts'
import { shownPath } from '../options/standard-names.ts'
import { bool, text } from '../options/types.ts'
import { createLane } from '../util/lane.ts'
import type { Outcome, OutcomeListener } from '../sync/outcome.ts'
import { openCheckReports, outcomeOptions } from './check-reports.ts'
import { lsfFormat, lsfOptions, timeLayoutOption } from './lsf-format.ts'

/** What copy, move and sync can write down about every file (rclone's surface §1.4). */
export const reportOptions = {
  ...outcomeOptions,
  destAfter: option(text, '', 'Write what the destination has afterwards to this file, in the form of lsf'),
  ...lsfOptions,
  filesOnly: option(bool, true, 'List files only'),
  timeformat: timeLayoutOption,
}

/** Files that may wait for their line of `--dest-after`. */
const waiting = 1000

/** Open reports. */
export interface Reports {
  readonly listener: OutcomeListener
  /** A promise where too much waits to be written. */
  readonly taken: () => Promise<void> | undefined
  /** Resolves when all is written. */
  close(): Promise<void>
}

type ReportInvocation = Invocation<typeof reportOptions>

/**
 * Opens the reports that were asked for; undefined for none.
 * @throws StorageError 'config' where a file cannot be opened
 */
export function openReports(invocation: ReportInvocation): Reports | undefined {
  const { options: o, out, ctx } = invocation
  const asked = [o.combined, o.missingOnSrc, o.missingOnDst, o.match, o.differ, o.error, o.destAfter]
  if (asked.every((target) => target === '')) return undefined
  const outcomes = openCheckReports(o, out)
  const after = o.destAfter === '' ? undefined : openReportFile(o.destAfter, out)
  const linesOf = after && afterLines(invocation)
  // A report must not keep the work that it tells of from being done
  const complain = (object: Path, error: unknown): void =>
    ctx.log.log({ level: 'ERROR', object, text: `Left out of a report: ${messageOf(error)}` })
  // Their hashes may take longer to read than the files to compare
  const lane = createLane<After>({ workers: 1, capacity: waiting }, async (outcome) => {
    try {
      for (const line of (await linesOf?.(outcome)) ?? []) after?.line(line)
    } catch (error) {
      if (!ctx.signal.aborted) complain(outcome.path, error)
    }
  })
  let room: Promise<void> | undefined
  return {
    listener(outcome) {
      const { path } = outcome
      if (outcome.kind === 'after') {
        room = lane.push(outcome)
        return
      }
      try {
        outcomes.onOutcome(outcome.kind, path)
      } catch (error) {
        complain(path, error)
      }
    },
    taken: () => room,
    async close() {
      await lane.drain()
      outcomes[Symbol.dispose]()
      after?.[Symbol.dispose]()
    },
  }
}

type After = Outcome & { readonly kind: 'after' }

/** Lines of `--dest-after`, in the form of lsf; a directory comes once, with the first thing that is known to be in it. */
function afterLines({ options: o, global, ctx }: ReportInvocation): (outcome: After) => Promise<readonly string[]> {
  const format = lsfFormat(o, o.timeformat, global.defaultTime)
  const dirs = new Set<Path>([''])
  const ancestors = (path: Path): readonly Path[] => {
    const found: Path[] = []
    for (let dir = path; !dirs.has(dir); dir = parent(dir)) {
      dirs.add(dir)
      found.unshift(dir)
    }
    return found
  }
  return async ({ entry, path, remote }) => {
    const line = createLsfLine(ctx, remote, format)
    const lines: string[] = []
    const above = o.filesOnly ? [] : ancestors(entry.kind === 'dir' ? path : parent(path))
    for (const dir of above)
      lines.push(await line(dir === path && entry.kind === 'dir' ? entry : { kind: 'dir', path: dir }, shownPath(dir)))
    if (entry.kind === 'file' && !o.dirsOnly) lines.push(await line(entry, shownPath(path)))
    return lines
  }
}
