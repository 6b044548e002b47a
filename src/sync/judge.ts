import type { Context } from '../core/context.ts'
import type { Failures } from '../operations/failures.ts'
import { channel } from '../util/channel.ts'
import { createLane } from '../util/lane.ts'
import type { Compare } from './compare.ts'
import type { FilePair, Judged, Pair, Verdict } from './pair.ts'

/** Pages that may wait for the policy, and comparisons that may wait for their turn. */
const pagesAhead = 2
const comparisonsAhead = 1000

/**
 * Compares pairs. What the entries tell comes on at once; what needs a hash comes when it is known, as many at once as
 * `ctx.limits.checks` lets, and holds nobody up. A pair that cannot be compared is reported and left out.
 */
export function judge(
  ctx: Context,
  pairs: AsyncIterable<readonly Pair[]>,
  o: { readonly compare: Compare; readonly failures: Failures },
): AsyncGenerator<readonly Judged[]> {
  return channel(pagesAhead, async (emit) => {
    const lane = createLane<Comparison>(
      { workers: ctx.limits.checks.limit, capacity: comparisonsAhead },
      async ({ pair, run }) => {
        const verdict = await runComparison(ctx, { pair, run }, o.failures)
        if (verdict) await emit([{ pair, verdict }])
      },
    )
    try {
      for await (const page of pairs) {
        const judged: Judged[] = []
        const open: Comparison[] = []
        for (const pair of page) {
          const verdict = compareNow(ctx, pair, o.compare)
          if (typeof verdict === 'string') judged.push({ pair, verdict })
          else open.push({ pair, run: verdict })
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
  readonly run: () => Promise<Verdict>
}

/** Every two files that are compared are one check of the stats. */
function compareNow(ctx: Context, pair: Pair, compare: Compare): ReturnType<Compare> {
  const verdict = compare(pair)
  if (!isCheck(pair)) return verdict
  ctx.report({ type: 'check-planned', path: pair.path })
  if (typeof verdict === 'string') {
    ctx.report({ type: 'check-started', path: pair.path })
    ctx.report({ type: 'check-done', path: pair.path })
  }
  return verdict
}

async function runComparison(
  ctx: Context,
  { pair, run }: Comparison,
  failures: Failures,
): Promise<Verdict | undefined> {
  const { path } = pair
  try {
    return await ctx.limits.checks.run(() => {
      ctx.report({ type: 'check-started', path })
      return run()
    }, ctx.signal)
  } catch (error) {
    failures.add(path, 'Failed to compare', error)
    return undefined
  } finally {
    ctx.report({ type: 'check-done', path })
  }
}

function isCheck(pair: Pair): pair is FilePair {
  return pair.kind === 'file' && pair.source !== undefined && pair.dest !== undefined
}
