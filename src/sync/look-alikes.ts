import type { Context } from '../core/context.ts'
import type { Entry } from '../core/entry.ts'
import { looseKey, matchKey } from '../core/names.ts'
import type { Path } from '../core/path.ts'
import { join } from '../core/path.ts'
import type { Remote } from '../core/remote.ts'
import { listOne } from '../operations/list-one.ts'
import type { NameRules, Sides } from './match.ts'
import { looseSlotKey, ownName } from './match.ts'

/** Names of one directory that only a place with rules of its own takes for one, such as 'straße' and 'STRASSE', by their loose keys. */
export interface LookAlikes {
  /** Those that are one in the destination, or may be. */
  readonly one: ReadonlySet<string>
  /** Of these, those of which nobody can know before something of such a name is there. */
  readonly unsure: ReadonlySet<string>
}

/** There are none. */
export const noLookAlikes: LookAlikes = { one: new Set(), unsure: new Set() }

/**
 * Finds out which names of one directory are one in a destination that ignores case, whatever its rules: what one of them leads
 * to there while nothing was listed under it is another's.
 * @param o `target`: the directory on the destination's remote; `listed`: all that it has is known
 */
export async function findLookAlikes(
  ctx: Context,
  { source, dest, nameOf }: Sides,
  o: { readonly names: NameRules; readonly remote: Remote; readonly target: Path; readonly listed: boolean },
): Promise<LookAlikes> {
  const odd = (name: string): boolean => looseKey(name) !== matchKey(name, o.names)
  if (!source.some((entry) => odd(nameOf(entry))) && !dest.some((entry) => odd(ownName(entry)))) return noLookAlikes
  const one = new Set<string>()
  const unsure = new Set<string>()
  for (const [key, { kind, wanted, there }] of groupsOf({ source, dest, nameOf }, o.names)) {
    const missing = [...wanted].find(([each]) => !there.has(each))?.[1]
    const several = new Set([...wanted.keys(), ...there]).size > 1
    if (!several || (o.listed && missing === undefined)) continue
    if (o.listed && there.size === 0) unsure.add(key)
    else if (o.listed && missing !== undefined) {
      const found = await listOne(ctx, { remote: o.remote, path: join(o.target, missing) })
      if (found?.kind !== kind) continue
    }
    one.add(key)
  }
  return { one, unsure }
}

interface Group {
  readonly kind: Entry['kind']
  /** Names in the source, and what they match by. */
  readonly wanted: Map<string, string>
  readonly there: Set<string>
}

function groupsOf({ source, dest, nameOf }: Sides, names: NameRules): Map<string, Group> {
  const groups = new Map<string, Group>()
  const groupOf = (entry: Entry, name: string): Group => {
    const key = looseSlotKey(entry, name)
    const group = groups.get(key) ?? { kind: entry.kind, wanted: new Map<string, string>(), there: new Set<string>() }
    groups.set(key, group)
    return group
  }
  for (const entry of source) groupOf(entry, nameOf(entry)).wanted.set(matchKey(nameOf(entry), names), nameOf(entry))
  for (const entry of dest) groupOf(entry, ownName(entry)).there.add(matchKey(ownName(entry), names))
  return groups
}
