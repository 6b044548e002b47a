import type { Time } from '../core/time.ts'
import type { Gate } from '../operations/gate.ts'

/** How two files are compared (rclone's surface §5.1). Everything is off by default. */
export interface CompareOptions {
  /** By size and one common hash instead of size and time. */
  readonly checksum?: boolean | undefined
  readonly sizeOnly?: boolean | undefined
  /** Nothing is the same. */
  readonly ignoreTimes?: boolean | undefined
  /** What the destination has stays. */
  readonly ignoreExisting?: boolean | undefined
  readonly ignoreSize?: boolean | undefined
  /** What is newer in the destination stays. */
  readonly update?: boolean | undefined
  /** Nanoseconds that times may differ; never less than the precision of either side. Default 1. */
  readonly modifyWindow?: Time | undefined
  /** The time of a file is not set where that is all that differs. */
  readonly noUpdateModtime?: boolean | undefined
}

/** How two trees are walked (rclone's surface §5.2). */
export interface MarchOptions {
  /** Levels to go down; absent or below 1: all. */
  readonly maxDepth?: number | undefined
  /** One recursive listing of a whole side where the remote has it; the listing is then kept in memory. */
  readonly fastList?: boolean | undefined
  /** Each source file is looked up in the destination, which is not listed. */
  readonly noTraverse?: boolean | undefined
  /** The destination is not looked at. */
  readonly noCheckDest?: boolean | undefined
  /** Names that differ in their Unicode form are different names. */
  readonly noUnicodeNormalization?: boolean | undefined
}

/** How files are transferred (rclone's surface §5.5). */
export interface TransferOptions {
  /** The hash of what was transferred is not compared. */
  readonly ignoreChecksum?: boolean | undefined
  /** Asked before every change; default: everything is done. */
  readonly gate?: Gate | undefined
  /** Actions that may wait for their turn (`--max-backlog`). Default 10,000. */
  readonly maxBacklog?: number | undefined
}

/** All that `copy` can be told. */
export interface CopyOptions extends CompareOptions, MarchOptions, TransferOptions {
  /** Directories are made even where nothing is in them. */
  readonly createEmptySrcDirs?: boolean | undefined
  readonly noUpdateDirModtime?: boolean | undefined
}
