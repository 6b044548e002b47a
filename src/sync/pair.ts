import type { DirEntry, FileEntry } from '../core/entry.ts'
import type { Path } from '../core/path.ts'
import type { FileAt } from './action.ts'

/** What was found in a place of `--compare-dest` or `--copy-dest`: a directory is an error. */
export type Look = 'match' | 'differ' | 'error'

interface PairOf<E> {
  /** As seen from both locations, in the source's spelling where the source has it. */
  readonly path: Path
  /** As seen from the destination, spelled as the source and its `nameTransform` want it. */
  readonly wanted: Path
  /** The whole path on the destination's remote, in the destination's spelling where it has it. */
  readonly target: Path
  readonly source?: E | undefined
  readonly dest?: E | undefined
  /**
   * Another name of the source, here or above, is the same in the destination: of a move the source stays, for in a later run
   * the other would replace what has gone.
   */
  readonly contested?: boolean | undefined
}

/** A file on one side or both. */
export interface FilePair extends PairOf<FileEntry> {
  readonly kind: 'file'
  /** `target` with the name that it should have, where what stands there has it in another spelling. */
  readonly spelled?: Path | undefined
}

/** A directory on one side or both. */
export interface DirPair extends PairOf<DirEntry> {
  readonly kind: 'dir'
}

/** What two listings have under one name. A file and a directory of one name are two pairs (rclone's surface §5.2). */
export type Pair = FilePair | DirPair

/**
 * 'missing': the destination lacks it. 'extra': the source lacks it. 'same'. 'time': the same content, and the time of the
 * destination is to be set. 'different': to be transferred. 'keep': it differs or may, and is to stay as it is.
 * 'elsewhere': it is the same in another place where that is enough. 'immutable': it differs, and may not.
 */
export type Verdict = 'missing' | 'extra' | 'same' | 'time' | 'different' | 'keep' | 'elsewhere' | 'immutable'

/** A pair and what the comparison says about it. */
export interface Judged {
  readonly pair: Pair
  readonly verdict: Verdict
  /** What it was said to be before it was looked for in other places, and what was found in each that has it. */
  readonly before?: Verdict | undefined
  readonly looks?: readonly Look[] | undefined
  /** Of what is 'missing' or 'different': the same content on the destination's own server. */
  readonly twin?: FileAt | undefined
}
