import type { Path } from '../core/path.ts'

/** The errors of an attempt. */
export interface ErrorCounts {
  readonly count: number
  readonly last: unknown
  readonly fatal: boolean
  /** One of them may be gone when the command is run again. */
  readonly retry: boolean
  /** Milliseconds since 1970 before which a server does not want to be asked again. */
  readonly retryAt: number | undefined
}

/** A file on its way. */
export interface Transferring {
  readonly name: Path
  /** -1 where it is not known. */
  readonly size: number
  readonly bytes: number
  /** Bytes a second: mean of the last samples. */
  readonly speed: number
}

/** All numbers of a run at one moment (rclone's surface 6, "Stats block"). */
export interface StatsSnapshot {
  readonly bytes: number
  readonly totalBytes: number
  /** Bytes a second. */
  readonly speed: number
  readonly checks: number
  readonly totalChecks: number
  readonly checkQueue: number
  readonly listed: number
  readonly deletes: number
  readonly deletedDirs: number
  readonly deletedBytes: number
  readonly renames: number
  readonly transfers: number
  readonly totalTransfers: number
  readonly transferQueue: number
  readonly serverSideCopies: number
  readonly serverSideCopyBytes: number
  readonly serverSideMoves: number
  readonly serverSideMoveBytes: number
  readonly errors: ErrorCounts
  /** Milliseconds since the run began, and how long of it files were on their way. */
  readonly elapsed: number
  readonly transferTime: number
  readonly checking: readonly Path[]
  readonly transferring: readonly Transferring[]
}
