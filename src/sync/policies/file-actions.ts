import { basename, join, parent } from '../../core/path.ts'
import type { Change } from '../action.ts'
import type { FilePair, Judged } from '../pair.ts'

export interface FileActionOptions {
  /** Files leave the source. */
  readonly move: boolean
  readonly noUpdateModtime: boolean
  readonly fixCase: boolean
}

/** What brings one file of the destination up to its source; none where nothing is to be done. */
export function fileActions(judged: Judged & { readonly pair: FilePair }, o: FileActionOptions): readonly Change[] {
  const { pair, verdict, twin } = judged
  const { path, target, source, dest, spelled, contested: keepSource } = pair
  const leaves = o.move && keepSource !== true
  if (!source) return []
  const respell = o.fixCase ? spelled : undefined
  switch (verdict) {
    case 'missing':
    case 'different':
      return [{ kind: 'transfer', path, target, source, dest, spelled, respell, twin, keepSource }]
    case 'time':
      if (dest && !o.noUpdateModtime)
        return [{ kind: 'set-time', path, target, source, dest, respell, thenDeleteSource: leaves }]
      return rest(pair, { ...o, move: leaves, respell })
    case 'same':
      return rest(pair, { ...o, move: leaves, respell })
    case 'extra':
    case 'keep':
    case 'elsewhere':
    case 'immutable':
    default:
      return []
  }
}

/** The content needs nothing: its case may, and the source of a move goes. */
function rest(
  { path, wanted, target, source, dest }: FilePair,
  o: FileActionOptions & { readonly respell: string | undefined },
): readonly Change[] {
  if (!source || !dest) return []
  if (o.move) return [{ kind: 'delete-source', path, source, dest }]
  if (o.respell === undefined) return []
  const from = join(parent(wanted), basename(target))
  return [{ kind: 'rename', path, from, target: o.respell, dest, source, reason: 'case' }]
}
