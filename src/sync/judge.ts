import type { Context } from '../core/context.ts'
import type { Failures } from '../operations/failures.ts'
import { channel } from '../util/channel.ts'
import { createLane } from '../util/lane.ts'
import type { Compare } from './compare.ts'
import type { Elsewhere } from './elsewhere.ts'
import type { FilePair, Judged, Pair, Verdict } from './pair.ts'

/** Pages that may wait for the policy, and comparisons that may wait for their turn. */
const pagesAhead = 2
const comparisonsAhead = 1000

/**
 * Compares pairs. What the entries tell comes on at once; what needs a hash or a look elsewhere comes when it is known, as
 * many at once as `ctx.limits.checks` lets, and holds nobody up. A pair that cannot be compared is reported and left out.
 */
export function judge(
  ctx: Context,
  pairs: AsyncIterable<readonly Pair[]>,
  o: { readonly compare: Compare; readonly elsewhere?: Elsewhere | undefined; readonly failures: Failures },
): AsyncGenerator<readonly Judged[]> {
  return channel(pagesAhead, async (emit) => {
    const lane = createLane<Comparison>(
      { workers: ctx.limits.checks.limit, capacity: comparisonsAhead },
      async ({ pair, run }) => {
        const judged = await runComparison(ctx, { pair, run }, o.failures)
        if (judged) await emit([judged])
      },
    )
    try {
      for await (const page of pairs) {
        const judged: Judged[] = []
        const open: Comparison[] = []
        for (const pair of page) {
          const found = judgeNow(ctx, pair, o)
          if (typeof found === 'function') open.push({ pair, run: found })
          else judged.push(found)
        }
        if (judged.length > 0) await emit(judged)
        for (const comparison of open) await lane.push(comparison)
      }
      await lane.drain()
    } finally {
      await lane.close()
    }
  })
}

interface Comparison {
  readonly pair: Pair
  readonly run: () => Promise<Judged>
}

/** Every two files that are compared are one check of the stats. */
function judgeNow(
  ctx: Context,
  pair: Pair,
  { compare, elsewhere }: { readonly compare: Compare; readonly elsewhere?: Elsewhere | undefined },
): Judged | (() => Promise<Judged>) {
  const verdict = compare(pair)
  if (isCheck(pair)) ctx.report({ type: 'check-planned', path: pair.path })
  if (typeof verdict === 'string' && !(elsewhere && isWanted(pair, verdict))) {
    if (isCheck(pair)) {
      ctx.report({ type: 'check-started', path: pair.path })
      ctx.report({ type: 'check-done', path: pair.path })
    }
    return { pair, verdict }
  }
  return async () => {
    const known = typeof verdict === 'string' ? verdict : await verdict()
    return elsewhere && isWanted(pair, known) ? await lookElsewhere(pair, known, elsewhere) : { pair, verdict: known }
  }
}

async function lookElsewhere(pair: FilePair, verdict: Verdict, elsewhere: Elsewhere): Promise<Judged> {
  const { looks, at, copy } = await elsewhere(pair)
  const found = { pair, verdict, before: verdict, looks }
  if (!at) return found
  return copy ? { ...found, twin: at } : { ...found, verdict: 'elsewhere' }
}

async function runComparison(ctx: Context, { pair, run }: Comparison, failures: Failures): Promise<Judged | undefined> {
  const { path } = pair
  try {
    if (isCheck(pair)) ctx.report({ type: 'check-started', path })
    return await run()
  } catch (error) {
    failures.add(path, 'Failed to compare', error)
    return undefined
  } finally {
    if (isCheck(pair)) ctx.report({ type: 'check-done', path })
  }
}

function isCheck(pair: Pair): pair is FilePair {
  return pair.kind === 'file' && pair.source !== undefined && pair.dest !== undefined
}

function isWanted(pair: Pair, verdict: Verdict): pair is FilePair {
  return pair.kind === 'file' && ['missing', 'different', 'immutable'].includes(verdict)
}
