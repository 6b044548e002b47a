import type { Case } from './cases.ts'
import { chances } from './chances.ts'
import { deviations } from './deviations.ts'
import { changes } from './versions.ts'

/** What is compared of two runs. */
export type Aspect =
  | 'exit code'
  | 'source'
  /** All of it. */
  | 'destination'
  | 'which files'
  | 'which directories'
  | 'contents'
  | 'times'
  | 'directory times'
  | 'backup'
  | 'reports'
  /** The report of what is there afterwards. */
  | 'dest-after'

/** Where the two are known not to do the same, and what is not compared then. */
export interface Known {
  readonly name: string
  readonly not: readonly Aspect[] | 'anything'
  applies(seen: Seen): boolean
}

/** What is known of a run of rclone. */
export interface Seen {
  readonly one: Case
  /** Major and minor version in one number: 1.60 is 160. */
  readonly version: number
  /** It ended with an error. */
  readonly failed: boolean
  /** It had to be ended. */
  readonly hung: boolean
}

/** The known differences that a run meets. */
export function knownDifferences(seen: Seen): readonly Known[] {
  const older = changes.filter(({ since }) => seen.version < since)
  return [...deviations, ...chances, ...older].filter(({ applies }) => applies(seen))
}
