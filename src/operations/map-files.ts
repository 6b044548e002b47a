import type { Context } from '../core/context.ts'
import { channel } from '../util/channel.ts'
import { createLane } from '../util/lane.ts'
import { feedLane } from './feed-lane.ts'
import type { FoundFile } from './find-files.ts'

const ahead = 1000

/**
 * What `work` makes of files, as many at once as `ctx.limits.checks` lets, in the order they are done; each file is one
 * check of the statistics.
 * What was listed is worked on even where the listing then fails.
 * @param work gives undefined for a file that there is nothing to say about; what it throws ends everything
 */
export function mapFiles<R extends object>(
  ctx: Context,
  pages: AsyncIterable<readonly FoundFile[]>,
  work: (file: FoundFile) => Promise<R | undefined>,
): AsyncGenerator<R> {
  return channel<R>(ahead, async (emit) => {
    const lane = createLane<FoundFile>({ workers: ctx.limits.checks.limit, capacity: ahead }, async (file) => {
      const path = file.shown
      ctx.report({ type: 'check-started', path })
      try {
        const result = await work(file)
        if (result) await emit(result)
      } finally {
        ctx.report({ type: 'check-done', path })
      }
    })
    await feedLane(ctx, pages, lane, ({ shown }) => {
      ctx.report({ type: 'check-planned', path: shown })
      return true
    })
  })
}
