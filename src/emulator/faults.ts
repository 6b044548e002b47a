/** What goes wrong with a request. */
export type FaultAction =
  /** Answer with this status, the API's usual error body unless `body` is given, and do nothing. */
  | { readonly status: number; readonly retryAfter?: number | string; readonly body?: string }
  /**
   * Drop the connection: before any work, or after this many bytes of the answer's body or of an upload's. Bytes of an
   * upload that arrived before that are stored; other requests with a body are dropped before any work.
   */
  | { readonly reset: 'before' }
  | { readonly reset: 'request-body' | 'response-body'; readonly afterBytes: number }
  /** Flip the first byte of the answer's body. */
  | { readonly corrupt: 'response-body' }
  /** Name another MD5 than the true one in the answer. */
  | { readonly wrongMd5: true }
  /** Wait before the work. */
  | { readonly delayMs: number }
  /** Never answer. */
  | { readonly hang: true }
  /** Do the work, then drop the connection instead of answering. */
  | { readonly effectThenReset: true }

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
  readonly action: FaultAction
}

/** The rules in force; for each request the first that acts is taken. */
export interface Faults {
  add(rule: FaultRule): void
  clear(): void
}

/** What a rule is held against. */
export interface FaultSubject {
  readonly operation: string
  readonly method: string
  /** Asked for only when a rule names a path. */
  path(): string
}

/** Makes an empty set of rules, and the function that finds, and thereby uses up, the action for a request. */
export function createFaults(): {
  readonly faults: Faults
  readonly take: (subject: FaultSubject) => FaultAction | undefined
} {
  let rules: { readonly rule: FaultRule; seen: number }[] = []
  const take = (subject: FaultSubject): FaultAction | undefined => {
    for (const entry of rules) {
      const { rule } = entry
      if (!matches(rule, subject)) continue
      const turn = entry.seen++ - (rule.skip ?? 0)
      if (turn >= 0 && turn < (rule.times ?? 1)) return rule.action
    }
    return undefined
  }
  const faults: Faults = {
    add: (rule) => void rules.push({ rule, seen: 0 }),
    clear() {
      rules = []
    },
  }
  return { faults, take }
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
