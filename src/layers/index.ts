import type { Logger } from '../core/context.ts'
import type { Remote } from '../core/remote.ts'
import { withDisabled } from './disable.ts'
import { withLimit } from './limit.ts'
import { withLog } from './log.ts'
import { withReadOnly } from './read-only.ts'
import { withRetry } from './retry.ts'

export interface LayerOptions {
  readonly log: Logger
  /** Attempts in all for one operation (`--low-level-retries`). */
  readonly attempts: number
  /** Operations at once; absent: as many as are asked for. */
  readonly limit?: number | undefined
  /** What the remote is not to do by itself: names of rclone's features in small letters. */
  readonly disabled?: ReadonlySet<string> | undefined
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

/**
 * `remote` as the rest of the program uses it. From the inside out: the log sees every attempt; the limit is inside the
 * retries, so that an operation that waits for its next attempt does not keep others from running; what is refused as
 * read-only never gets as far as an attempt. A layer that has nothing to do is left out and costs nothing.
 */
export function withLayers(remote: Remote, o: LayerOptions): Remote {
  let layered = o.disabled?.size ? withDisabled(remote, o.disabled) : remote
  if (o.log.enabled('DEBUG')) layered = withLog(layered, o.log)
  if (o.limit !== undefined) layered = withLimit(layered, o.limit)
  if (o.attempts > 1) layered = withRetry(layered, { log: o.log, attempts: o.attempts })
  return o.readOnly ? withReadOnly(layered) : layered
}
