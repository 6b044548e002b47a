import type { Invocation } from '../cli/command.ts'
import type { Context } from '../core/context.ts'
import { timeFrom } from '../core/time.ts'
import type { NameTransform } from '../transform/name-transform.ts'
import { loadNameTransform } from '../transform/name-transform.ts'

/** One for all attempts of a run: `date` is when it began. */
const loaded = new WeakMap<Context, Promise<NameTransform | undefined>>()

/** What `--name-transform` asks for. @throws StorageError 'config' */
export function nameTransformOf({
  ctx,
  global,
}: Pick<Invocation, 'ctx' | 'global'>): Promise<NameTransform | undefined> {
  const transform = loaded.get(ctx) ?? loadNameTransform(global.nameTransform, timeFrom(Date.now()))
  loaded.set(ctx, transform)
  return transform
}
