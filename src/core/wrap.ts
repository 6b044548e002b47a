import type { Remote } from './remote.ts'

type Optional<K extends keyof Remote> = undefined extends Remote[K] ? 'absent' : never

/** For each member but name and type: what the wrapper does, or 'forward', or (for a capability) 'absent'. */
export type Decisions = {
  readonly [K in Exclude<keyof Remote, 'name' | 'type'>]-?: NonNullable<Remote[K]> | 'forward' | Optional<K>
}

/**
 * A remote around another. A member added to Remote does not compile until every wrapper has decided on it; a decision for
 * a capability that the inner remote lacks is left out, so that a wrapper never claims more than what is inside.
 */
export function wrap(
  inner: Remote,
  decisions: Decisions,
  as: { readonly name?: string; readonly type?: string } = {},
): Remote {
  const members: Record<string, unknown> = { name: as.name ?? inner.name, type: as.type ?? inner.type }
  for (const [key, decision] of Object.entries(decisions)) {
    const own: unknown = Reflect.get(inner, key)
    if (decision === 'absent' || own === undefined) continue
    members[key] = decision === 'forward' ? forward(inner, own) : decision
  }
  // Every key of Remote was decided on, since Decisions is total; the types cannot see that.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return members as unknown as Remote
}

function forward(inner: Remote, member: unknown): unknown {
  return typeof member === 'function' ? (...args: unknown[]): unknown => Reflect.apply(member, inner, args) : member
}
