import { relative } from '../../core/path.ts'
import type { Location } from '../../core/remote.ts'
import type { OutcomeKind, OutcomeListener } from '../outcome.ts'
import type { FilePair, Judged, Verdict } from '../pair.ts'

/** Who is told of files that were compared, and what makes a difference to what is told. */
export interface Telling {
  readonly onOutcome: OutcomeListener | undefined
  readonly dest: Location
  readonly move: boolean
  /** The run is about one file. */
  readonly single: boolean
  /** What is replaced is put away before. */
  readonly keepsReplaced: boolean
  /** What a move only deletes from the source is deleted in the order of the transfers. */
  readonly inOrder: boolean
}

const outcomes: Readonly<Record<Verdict, OutcomeKind>> = {
  missing: 'missing-on-dst',
  extra: 'missing-on-src',
  same: 'match',
  time: 'match',
  keep: 'match',
  elsewhere: 'match',
  different: 'differ',
  immutable: 'differ',
}

/**
 * Tells all that rclone tells of a file, which may be more than one thing (rclone's surface §1.4): its name is the one that the
 * destination has, else the source's.
 */
export function tellOutcome(pair: FilePair, judged: Omit<Judged, 'pair'>, o: Telling): void {
  const { onOutcome, dest } = o
  if (!onOutcome) return
  const path = pair.dest ? relative(pair.dest.path, dest.path) : pair.path
  for (const kind of outcomesOf(pair, judged, o)) onOutcome({ kind, path })
}

function outcomesOf(
  pair: FilePair,
  { verdict, before = verdict, looks = [] }: Omit<Judged, 'pair'>,
  { move, single, keepsReplaced, inOrder }: Telling,
): readonly OutcomeKind[] {
  const told = [outcomes[before], ...looks]
  const isThere = verdict === 'same' || verdict === 'time'
  if (move && isThere && single) return [...told, 'differ']
  if (move && isThere && !inOrder) return [...told, 'error']
  if (single && verdict === 'immutable') return [...told, 'error']
  if (single && verdict === 'different' && pair.dest && keepsReplaced) return [...told, 'missing-on-dst']
  return told
}
