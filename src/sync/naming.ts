import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { messageOf } from '../core/errors.ts'
import { basename } from '../core/path.ts'
import type { NameTransform } from '../transform/name-transform.ts'
import { ownName } from './match.ts'
import type { MarchOptions } from './options.ts'

/** Entries, and what each is to be called. */
export interface Named {
  readonly entries: readonly Entry[]
  readonly nameOf: (entry: Entry) => string
}

/** Entries that keep their names. */
export function unchanged(entries: readonly Entry[]): Named {
  return { entries, nameOf: ownName }
}

/**
 * Gives the entries of one directory their new names. Counts as one of `ctx.limits.checks`.
 * @param onFailure told of an entry that no name can be made for, which is left out
 */
export async function nameEntries(
  ctx: Context,
  entries: readonly Entry[],
  transform: NameTransform,
  onFailure: (entry: Entry, error: unknown) => void,
): Promise<Named> {
  const names = new Map<Entry, string>()
  await ctx.limits.checks.run(async () => {
    for (const entry of entries) {
      try {
        names.set(entry, await transform(basename(entry.path), entry.kind, ctx.signal))
      } catch (error) {
        onFailure(entry, error)
      }
    }
  }, ctx.signal)
  return {
    entries: entries.filter((entry) => names.has(entry)),
    nameOf: (entry) => names.get(entry) ?? ownName(entry),
  }
}

/** The new name of a single file. @throws StorageError 'invalid-name', which the log has been told of, where there is none */
export async function nameOfFile(
  ctx: Context,
  name: string,
  { nameTransform }: Pick<MarchOptions, 'nameTransform'>,
): Promise<string> {
  try {
    return (await nameTransform?.(name, 'file', ctx.signal)) ?? name
  } catch (error) {
    ctx.signal.throwIfAborted()
    ctx.log.log({ level: 'ERROR', object: name, text: `Failed to transform: ${messageOf(error)}` })
    throw error
  }
}
