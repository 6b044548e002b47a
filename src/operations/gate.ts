import type { Logger } from '../core/context.ts'
import { formatSize } from '../options/size-format.ts'

/** Something that is about to be changed. */
export interface Step {
  /** In rclone's words: 'copy', 'delete', 'make directory' … (rclone's surface §5.6). */
  readonly action: string
  /** A path, or a place's description. */
  readonly object: string
  /** Bytes of the file. */
  readonly size?: number | undefined
  /** What happens on the way to it. */
  readonly first?: Step | undefined
}

/** 'quit': leave this and everything after it undone, without an error. */
export type Decision = 'do' | 'skip' | 'quit'

/** Asked before every change: dry runs and questions are gates. */
export type Gate = (step: Step) => Decision | Promise<Decision>

/** Lets everything be done. */
export const openGate: Gate = () => 'do'

/** `--dry-run`: lets nothing be done, and says what would have been. */
export function dryRunGate(log: Logger): Gate {
  const skip = (step: Step): 'skip' => {
    if (step.first) skip(step.first)
    log.log(skippedRecord(step, '--dry-run'))
    return 'skip'
  }
  return skip
}

/** The line about a change that `flag` has kept from being made. */
export function skippedRecord({ action, object, size }: Step, flag: string) {
  const shownSize = size === undefined ? '' : ` (size ${formatSize(size)})`
  const text = `Skipped ${action} as ${flag} is set${shownSize}`
  return { level: 'NOTICE', object, text, skipped: action, size } as const
}
