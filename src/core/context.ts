import type { Path } from './path.ts'

/** rclone's levels, most severe first (docs: rclone's surface, logging). */
export const logLevels = ['EMERGENCY', 'ALERT', 'CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogRecord {
  readonly level: LogLevel
  /** What the line is about: a path, or a place's description; '' is not printed. */
  readonly object?: string | undefined
  readonly text: string
  /** The action of a skipped one ("copy", "delete") under --dry-run. */
  readonly skipped?: string | undefined
  /** Bytes, where the line speaks of a file. */
  readonly size?: number | undefined
}

/** Takes log records; never throws and never waits. */
export interface Logger {
  log(record: LogRecord): void
  /** Whether records of this level go anywhere: ask before building an expensive text. */
  enabled(level: LogLevel): boolean
}

export const silent: Logger = { log: () => undefined, enabled: () => false }

/** What a comparison means for the destination. */
export type Found = 'new' | 'changed' | 'same' | 'extra'

/** What happens in a run; whoever shows progress or counts listens. */
export type RunEvent =
  | { readonly type: 'listed'; readonly entries: number }
  /** What was found about a file, and so what is to be done. */
  | { readonly type: 'found'; readonly what: Found; readonly path: Path; readonly size: number | undefined }
  | { readonly type: 'check-planned'; readonly path: Path }
  | { readonly type: 'check-started'; readonly path: Path }
  | { readonly type: 'check-done'; readonly path: Path }
  | { readonly type: 'transfer-planned'; readonly path: Path; readonly size: number | undefined }
  | { readonly type: 'transfer-started'; readonly path: Path; readonly size: number | undefined }
  /** `position`: bytes of the file that are on the other side. */
  | { readonly type: 'transfer-progress'; readonly path: Path; readonly position: number }
  | { readonly type: 'transfer-done'; readonly path: Path; readonly size: number; readonly failed: boolean }
  | { readonly type: 'deleted'; readonly path: Path; readonly size: number | undefined }
  | { readonly type: 'dir-deleted'; readonly path: Path }
  | { readonly type: 'renamed'; readonly path: Path }
  | { readonly type: 'server-side-copy'; readonly path: Path; readonly size: number }
  | { readonly type: 'server-side-move'; readonly path: Path; readonly size: number }
  /** A time that was set counts as no transfer. */
  /** `unlisted`: nothing is known of what is below, for the directory could not be listed. */
  | { readonly type: 'error'; readonly path: Path; readonly error: unknown; readonly unlisted?: true }

/** Runs at most so many things at once, in the order they came. */
export interface Limiter {
  readonly limit: number
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** Lets bytes pass no faster than a limit. */
export interface Bandwidth {
  /** How many bytes are to be taken at once, at most, so that they pass evenly. */
  most(direction: 'up' | 'down'): number
  /** Resolves when `bytes` more may go. */
  take(direction: 'up' | 'down', bytes: number, signal?: AbortSignal): Promise<void>
}

/** What a run carries along, instead of globals. */
export interface Context {
  /** Ends everything at once. */
  readonly signal: AbortSignal
  /** Start nothing new; let what runs finish. */
  readonly stop: AbortSignal
  readonly log: Logger
  readonly report: (event: RunEvent) => void
  readonly limits: { readonly checks: Limiter; readonly transfers: Limiter; readonly bandwidth: Bandwidth }
}
