import type { Context } from '../core/context.ts'
import type { Lane } from '../util/lane.ts'

/**
 * Pushes all that `pages` gives and waits until it is done, then closes the lane. What was listed is worked on even where the
 * listing then fails.
 * @param take told of each item before it is pushed; false ends it all
 * @throws what the work threw, else what the listing threw
 */
export async function feedLane<T>(
  ctx: Context,
  pages: AsyncIterable<readonly T[]>,
  lane: Lane<T>,
  take: (item: T) => boolean,
): Promise<void> {
  let listing: { readonly error: unknown } | undefined
  try {
    try {
      for await (const page of pages) {
        for (const item of page) {
          ctx.stop.throwIfAborted()
          if (!take(item)) return
          await lane.push(item)
        }
      }
    } catch (error) {
      ctx.stop.throwIfAborted()
      listing = { error }
    }
    await lane.drain()
  } finally {
    await lane.close()
  }
  if (listing) throw listing.error
}
