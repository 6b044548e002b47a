import { createLimiter } from '../util/limiter.ts'
import type { Bandwidth, Context, Logger, RunEvent } from './context.ts'
import { silent } from './context.ts'

/** What a context is made of; everything has a default. */
export interface ContextOptions {
  /** Ends everything at once. */
  readonly signal?: AbortSignal
  /** Start nothing new. */
  readonly stop?: AbortSignal
  readonly log?: Logger
  readonly report?: (event: RunEvent) => void
  /** How many directories are listed and files compared at once; 8. */
  readonly checkers?: number
  /** How many files are transferred at once; 4. */
  readonly transfers?: number
  /** Default: no limit. */
  readonly bandwidth?: Bandwidth
}

/** A context for one run, with rclone's default limits. */
export function createContext(o: ContextOptions = {}): Context {
  return {
    signal: o.signal ?? new AbortController().signal,
    stop: o.stop ?? new AbortController().signal,
    log: o.log ?? silent,
    report: o.report ?? (() => undefined),
    limits: {
      checks: createLimiter(Math.max(1, o.checkers ?? 8)),
      transfers: createLimiter(Math.max(1, o.transfers ?? 4)),
      bandwidth: o.bandwidth ?? { most: () => Infinity, take: () => Promise.resolve() },
    },
  }
}
