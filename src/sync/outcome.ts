import type { Entry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'

/** What was found about a file: `=`, `*`, `-`, `+` and `!` of rclone's reports. */
export type OutcomeKind = 'match' | 'differ' | 'missing-on-src' | 'missing-on-dst' | 'error'

/** What stands in the destination when the run is over. `remote` can be asked for its hashes. */
export interface After {
  readonly path: Path
  readonly entry: Entry
  readonly remote: Remote
}

export type Outcome = { readonly kind: OutcomeKind; readonly path: Path } | ({ readonly kind: 'after' } & After)

/** Never throws and never waits. */
export type OutcomeListener = (outcome: Outcome) => void
