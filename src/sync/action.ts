import type { DirEntry, FileEntry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { Time } from '../core/time.ts'

interface Aimed {
  /** As seen from both locations. */
  readonly path: Path
  /** The whole path on the destination's remote. */
  readonly target: Path
}

/** The file's content goes to the destination. */
export interface Transfer extends Aimed {
  readonly kind: 'transfer'
  readonly source: FileEntry
  /** What it replaces. */
  readonly dest: FileEntry | undefined
}

/** The content is there; its time is set. */
export interface SetTime extends Aimed {
  readonly kind: 'set-time'
  readonly source: FileEntry
  readonly dest: FileEntry
}

export interface MakeDir extends Aimed {
  readonly kind: 'make-dir'
  readonly source: DirEntry
}

export interface SetDirTime extends Aimed {
  readonly kind: 'set-dir-time'
  readonly modified: Time
  /** The directory in the destination; undefined where it was made on the way to a file. */
  readonly dest: DirEntry | undefined
  /** It was made by an action of its own. */
  readonly made: boolean
}

/** Everything before it is done before anything after it starts, and before the policy is asked on. */
export interface Settle {
  readonly kind: 'settle'
}

/** A change that is carried out. */
export type Change = Transfer | SetTime | MakeDir | SetDirTime

/** What a policy wants done, in its order; changes between two 'settle' run at once. */
export type Action = Change | Settle
