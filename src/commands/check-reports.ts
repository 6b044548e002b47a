import type { ReportFile } from '../cli/report-file.ts'
import { openReportFile } from '../cli/report-file.ts'
import type { Invocation } from '../cli/command.ts'
import type { CheckOutcome, OnOutcome } from '../operations/check-tally.ts'
import { checkSigns } from '../operations/check-tally.ts'
import { shownPath } from '../options/standard-names.ts'
import { option } from '../options/option.ts'
import type { ValuesOf } from '../options/option.ts'
import { bool, text } from '../options/types.ts'

/** Files that take down what was found about every path. */
export const outcomeOptions = {
  combined: option(text, '', 'Write all paths to this file, with a sign before each; - is standard output'),
  missingOnSrc: option(text, '', 'Write the paths that the source lacks to this file'),
  missingOnDst: option(text, '', 'Write the paths that the destination lacks to this file'),
  match: option(text, '', 'Write the paths that are the same to this file'),
  differ: option(text, '', 'Write the paths that differ to this file'),
  error: option(text, '', 'Write the paths that could not be compared to this file'),
}

/** The options of check and checksum. */
export const checkOptions = {
  download: option(bool, false, 'Read the files instead of asking for their hashes'),
  oneWay: option(bool, false, 'Only look for what the source has'),
  ...outcomeOptions,
}

/** The reports that were asked for. Disposing them writes what waits. */
export interface CheckReports extends Disposable {
  readonly onOutcome: OnOutcome
}

/** Opens the files of all reports that were asked for. @throws StorageError 'config' */
export function openCheckReports(o: ValuesOf<typeof outcomeOptions>, out: Invocation['out']): CheckReports {
  const opened: ReportFile[] = []
  const open = (target: string): ReportFile | undefined => {
    if (target === '') return undefined
    const file = openReportFile(target, out)
    opened.push(file)
    return file
  }
  const combined = open(o.combined)
  const files: Readonly<Record<CheckOutcome, ReportFile | undefined>> = {
    'missing-on-src': open(o.missingOnSrc),
    'missing-on-dst': open(o.missingOnDst),
    match: open(o.match),
    differ: open(o.differ),
    error: open(o.error),
  }
  return {
    onOutcome(outcome, path) {
      const shown = shownPath(path)
      combined?.line(`${checkSigns[outcome]} ${shown}`)
      files[outcome]?.line(shown)
    },
    [Symbol.dispose]() {
      for (const file of opened) file[Symbol.dispose]()
    },
  }
}
