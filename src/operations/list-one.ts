import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import type { Location, StatOptions } from '../core/remote.ts'

/** The entry of one path; undefined where nothing is there. Counts as one of `ctx.limits.checks`. */
export async function listOne(
  ctx: Context,
  { remote, path }: Location,
  o: Omit<StatOptions, 'signal'> = {},
): Promise<Entry | undefined> {
  return await ctx.limits.checks.run(() => remote.stat(path, { ...o, signal: ctx.signal }), ctx.signal)
}
