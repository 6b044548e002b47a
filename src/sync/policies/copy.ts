import type { Action } from '../action.ts'
import type { FilePair, Judged, Verdict } from '../pair.ts'
import type { DirTimes } from './dir-times.ts'

export interface CopyPolicyOptions {
  readonly createEmptySrcDirs: boolean
  readonly noUpdateModtime: boolean
  readonly dirTimes: DirTimes
}

/** `copy`: what is missing or different is transferred, nothing is deleted; the times of directories come last. */
export async function* copyPolicy(
  judged: AsyncIterable<readonly Judged[]>,
  o: CopyPolicyOptions,
): AsyncGenerator<readonly Action[]> {
  for await (const page of judged) {
    const actions: Action[] = []
    for (const one of page) {
      o.dirTimes.seen(one)
      const action = copyAction(one, o)
      if (!action) continue
      o.dirTimes.changes(action)
      actions.push(action)
    }
    if (actions.length > 0) yield actions
  }
  yield* o.dirTimes.actions()
}

function copyAction({ pair, verdict }: Judged, o: CopyPolicyOptions): Action | undefined {
  if (pair.kind === 'file') return fileAction(pair, verdict, o)
  const { path, target, source } = pair
  return source && verdict === 'missing' && o.createEmptySrcDirs
    ? { kind: 'make-dir', path, target, source }
    : undefined
}

/** What brings one file of the destination up to its source; undefined where nothing is to be done. */
export function fileAction(
  { path, target, source, dest }: FilePair,
  verdict: Verdict,
  o: { readonly noUpdateModtime: boolean },
): Action | undefined {
  if (!source) return undefined
  if (verdict === 'missing' || verdict === 'different') return { kind: 'transfer', path, target, source, dest }
  return verdict === 'time' && dest && !o.noUpdateModtime ? { kind: 'set-time', path, target, source, dest } : undefined
}
