import type { FaultAction } from './fault-action.ts'
import { createRandom } from './random.ts'

/** A rule: the requests it is for, which of them, and what becomes of those. */
export interface FaultRule {
  /** Name of the operation as in the counters, such as 'allocate' or 'download'. */
  readonly operation?: string
  readonly method?: string
  /**
   * The place that the request is about: `/Jotta/Archive/dir/a.txt`, without user, for JFS, allocate and upload, else
   * the path of the URL, decoded. A string is that path or its last segments.
   */
  readonly path?: RegExp | string
  /** How many matching requests pass before the rule acts; 0 if left out. */
  readonly skip?: number
  /** How many requests the rule acts on after that, possibly Infinity; 1 if left out. */
  readonly times?: number
  /** From 0 to 1: how likely the rule is to act on a request that it could act on; always if left out. */
  readonly probability?: number
  /** Chooses the requests that are hit by chance: the same seed, the same ones. 1 if left out. */
  readonly seed?: number
  readonly action: FaultAction
}

/** A rule in force. */
export interface ActiveFault {
  readonly id: number
  readonly rule: FaultRule
  /** Matching requests so far. */
  readonly seen: number
  /** How often it acted. */
  readonly acted: number
}

/** The rules in force; for each request the first that acts is taken. */
export interface Faults {
  /** @returns the rule's id */
  add(rule: FaultRule): number
  /** @returns false if there is no such rule */
  remove(id: number): boolean
  all(): readonly ActiveFault[]
  clear(): void
}

/** What a rule is held against. */
export interface FaultSubject {
  readonly operation: string
  readonly method: string
  /** Asked for only when a rule names a path. */
  path(): string
}

interface Entry extends ActiveFault {
  seen: number
  acted: number
  readonly random: () => number
}

/** Makes an empty set of rules, and the function that finds, and thereby uses up, the action for a request. */
export function createFaults(): {
  readonly faults: Faults
  readonly take: (subject: FaultSubject) => FaultAction | undefined
} {
  const entries = new Map<number, Entry>()
  let ids = 0
  const take = (subject: FaultSubject): FaultAction | undefined => {
    for (const entry of entries.values()) {
      if (matches(entry.rule, subject) && acts(entry)) return entry.rule.action
    }
    return undefined
  }
  const faults: Faults = {
    add(rule) {
      const id = ++ids
      entries.set(id, { id, rule, seen: 0, acted: 0, random: createRandom(rule.seed ?? 1) })
      return id
    },
    remove: (id) => entries.delete(id),
    all: () => [...entries.values()].map(({ id, rule, seen, acted }) => ({ id, rule, seen, acted })),
    clear: () => entries.clear(),
  }
  return { faults, take }
}

function acts(entry: Entry): boolean {
  const { skip = 0, times = 1, probability = 1 } = entry.rule
  if (entry.seen++ < skip || entry.acted >= times || entry.random() >= probability) return false
  entry.acted++
  return true
}

function matches(rule: FaultRule, subject: FaultSubject): boolean {
  return (
    (rule.operation === undefined || rule.operation === subject.operation) &&
    (rule.method === undefined || rule.method.toUpperCase() === subject.method) &&
    (rule.path === undefined || matchesPath(rule.path, subject.path()))
  )
}

function matchesPath(pattern: RegExp | string, path: string): boolean {
  // `search` pays no heed to the state that a global expression keeps between calls of `test`.
  if (pattern instanceof RegExp) return path.search(pattern) >= 0
  return path === pattern || path.endsWith(pattern.startsWith('/') ? pattern : `/${pattern}`)
}
