import type { Path } from '../../core/path.ts'
import { basename, join, parent } from '../../core/path.ts'
import type { Change } from '../action.ts'
import type { FilePair, Judged } from '../pair.ts'

export interface FileActionOptions {
  /** Files leave the source. */
  readonly move: boolean
  readonly noUpdateModtime: boolean
  readonly fixCase: boolean
}

/** Most files need nothing, and there may be millions of them. */
export const noChanges: readonly Change[] = []

/** What brings one file of the destination up to its source; none where nothing is to be done. */
export function fileActions(
  pair: FilePair,
  { verdict, twin }: Pick<Judged, 'verdict' | 'twin'>,
  o: FileActionOptions,
): readonly Change[] {
  const { path, target, source, dest, spelled, contested: keepSource } = pair
  const leaves = o.move && keepSource !== true
  if (!source) return noChanges
  const respell = o.fixCase ? spelled : undefined
  switch (verdict) {
    case 'missing':
    case 'different':
      return [{ kind: 'transfer', path, target, source, dest, spelled, respell, twin, keepSource }]
    case 'time':
      if (dest && !o.noUpdateModtime)
        return [{ kind: 'set-time', path, target, source, dest, respell, thenDeleteSource: leaves }]
      return rest(pair, { leaves, respell })
    case 'same':
      return rest(pair, { leaves, respell })
    case 'keep':
    case 'elsewhere':
      return rest(pair, { leaves: false, respell })
    case 'extra':
    case 'immutable':
    default:
      return noChanges
  }
}

/** The content needs nothing: its case may, and the source of a move goes. */
function rest(
  { path, wanted, target, source, dest }: FilePair,
  { leaves, respell }: { readonly leaves: boolean; readonly respell: Path | undefined },
): readonly Change[] {
  if (!source || !dest) return noChanges
  if (respell === undefined) return leaves ? [{ kind: 'delete-source', path, source, dest }] : noChanges
  const from = join(parent(wanted), basename(target))
  return [{ kind: 'rename', path, from, target: respell, dest, source, reason: 'case', thenDeleteSource: leaves }]
}
