import type { Entry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'

/** What was found about a file: `=`, `*`, `-`, `+` and `!` of rclone's reports. */
export type OutcomeKind = 'match' | 'differ' | 'missing-on-src' | 'missing-on-dst' | 'error'

export type Outcome =
  | { readonly kind: OutcomeKind; readonly path: Path }
  /** What stands in the destination when the run is over, or would. `remote` can be asked for its hashes. */
  | { readonly kind: 'after'; readonly path: Path; readonly entry: Entry; readonly remote: Remote }

/** Never throws and never waits. */
export type OutcomeListener = (outcome: Outcome) => void
