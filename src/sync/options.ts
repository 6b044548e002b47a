import type { Bandwidth } from '../core/context.ts'
import type { Location } from '../core/remote.ts'
import type { Time } from '../core/time.ts'
import type { Filter } from '../filter/filter.ts'
import type { MetadataOptions } from '../operations/carry-metadata.ts'
import type { DeletionLimits } from '../operations/deletion-guard.ts'
import type { Gate } from '../operations/gate.ts'
import type { NameTransform } from '../transform/name-transform.ts'
import type { OutcomeListener } from './outcome.ts'

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
  /** What differs is an error and stays. */
  readonly immutable?: boolean | undefined
  /** Nanoseconds that times may differ; never less than the precision of either side. Default 1. */
  readonly modifyWindow?: Time | undefined
  /** The time of a file is not set where that is all that differs. */
  readonly noUpdateModtime?: boolean | undefined
  /** Where no hash can be compared, files of one size are the same and their times are set. */
  readonly refreshTimes?: boolean | undefined
}

/** The levels that are walked; Infinity: all. */
export function levelsOf({ maxDepth = -1 }: Pick<MarchOptions, 'maxDepth'>): number {
  return maxDepth < 0 ? Infinity : Math.max(1, maxDepth)
}

/** How two trees are walked (rclone's surface §5.2). */
export interface MarchOptions {
  /** Levels to go down; absent or below 0: all; 0 is as 1 (as rclone has it). */
  readonly maxDepth?: number | undefined
  /** One recursive listing of a whole side where the remote has it; it is put in order on the disk, not in memory. */
  readonly fastList?: boolean | undefined
  /** Where such a listing is put in order; default: the system's folder for temporary files. */
  readonly tempDir?: string | undefined
  /** Each source file is looked up in the destination, which is not listed. */
  readonly noTraverse?: boolean | undefined
  /** The destination is not looked at. */
  readonly noCheckDest?: boolean | undefined
  /** Names that differ in their Unicode form are different names. */
  readonly noUnicodeNormalization?: boolean | undefined
  /** Names are matched in upper and lower case even where the destination tells them apart. */
  readonly ignoreCaseSync?: boolean | undefined
  /** What two names of the source are that the destination cannot tell apart. Default 'error'. */
  readonly nameCollisions?: 'error' | 'skip' | undefined
  /** The files and directories that the run is about, by their names in the source. */
  readonly filter?: Filter | undefined
  /** What entries of the source are called in the destination. */
  readonly nameTransform?: NameTransform | undefined
}

/** How files are transferred (rclone's surface §5.5). */
export interface TransferOptions extends MetadataOptions {
  /** The hash of what was transferred is not compared. */
  readonly ignoreChecksum?: boolean | undefined
  /** Asked before every change; default: everything is done. */
  readonly gate?: Gate | undefined
  /** Actions that may wait for their turn (`--max-backlog`); below 0: any number. Default 10,000. */
  readonly maxBacklog?: number | undefined
  /** No transfer before everything is compared. */
  readonly checkFirst?: boolean | undefined
  /** 'name', 'size' or 'modtime', with ',asc', ',desc' or ',mixed[,PERCENT]'; or 'pattern,GLOB,…'. */
  readonly orderBy?: string | undefined
  /** Files are written under their own name at once. */
  readonly inplace?: boolean | undefined
  /** How the names of files end that are not whole yet. Default '.partial'. */
  readonly partialSuffix?: string | undefined
  /** Bytes; below 0 or absent: no limit. */
  readonly maxTransfer?: number | undefined
  /** Nanoseconds; 0 or absent: no limit. */
  readonly maxDuration?: Time | undefined
  readonly cutoffMode?: 'HARD' | 'SOFT' | 'CAUTIOUS' | undefined
  /** What counts already of these two limits, and is counted on: calls that share it share the limits. Default: nothing. */
  readonly used?: Used | undefined
  /** A limit of its own for every file (`--bwlimit-file`). */
  readonly filePace?: (() => Bandwidth) | undefined
  /** Bytes of the source that are read ahead of the writing; absent or 0: what is asked for. */
  readonly bufferSize?: number | undefined
  /** From how many bytes on, and in how many streams, a file is fetched; absent: what suits the remotes. */
  readonly multiThread?: MultiThread | undefined
}

/** What has been used of the limits of a run. */
export interface Used {
  /** Bytes that were transferred. */
  bytes: number
  /** When the first call began, in milliseconds since 1970. */
  since: number | undefined
}

export interface MultiThread {
  /** Bytes; below 0: never. */
  readonly cutoff: number
  readonly streams: number
  /** Bytes that one stream fetches at a time. */
  readonly chunkSize: number
}

/** What becomes of files that are overwritten or deleted, and where else to look (rclone's surface §5.4). */
export interface KeepOptions {
  readonly backupDir?: Location | undefined
  /** Added to the names of files that would go. */
  readonly suffix?: string | undefined
  readonly suffixKeepExtension?: boolean | undefined
  readonly compareDest?: readonly Location[] | undefined
  readonly copyDest?: readonly Location[] | undefined
}

/** All that `copy` can be told. */
export interface CopyOptions extends CompareOptions, MarchOptions, TransferOptions, KeepOptions {
  /** Directories are made even where nothing is in them. */
  readonly createEmptySrcDirs?: boolean | undefined
  readonly noUpdateDirModtime?: boolean | undefined
  /** Names in the destination get the source's upper and lower case. */
  readonly fixCase?: boolean | undefined
  /** Told of every file: what was found about it. */
  readonly onOutcome?: OutcomeListener | undefined
  /** Asked after every directory: a promise where who is told lags behind, which is waited for. */
  readonly outcomesTaken?: (() => Promise<void> | undefined) | undefined
}

/** All that `move` can be told. */
export interface MoveOptions extends CopyOptions, DeletionLimits {
  readonly deleteEmptySrcDirs?: boolean | undefined
  /** Deletes directories even where there were errors. */
  readonly ignoreErrors?: boolean | undefined
}

/** All that `sync` can be told (rclone's surface §5.3). */
export interface SyncOptions extends CopyOptions, DeletionLimits {
  /** When the destination's files that the source lacks are deleted. Default 'after'. */
  readonly deleteMode?: 'before' | 'during' | 'after' | undefined
  /** Of the destination's files; below 0 or absent: no limit. */
  readonly maxDeletePercent?: number | undefined
  /** Told what the source has before anything is deleted; what it throws keeps everything. */
  readonly checkSource?: ((found: { readonly files: number; readonly bytes: number }) => Promise<void>) | undefined
  /** Deletes even where there were errors. */
  readonly ignoreErrors?: boolean | undefined
  readonly trackRenames?: boolean | undefined
  /** 'hash', 'modtime', 'leaf', joined by commas. */
  readonly trackRenamesStrategy?: string | undefined
}

/** All that renaming in place can be told. */
export interface RenameOptions extends MarchOptions, TransferOptions {
  readonly nameTransform: NameTransform
  /** Directories get their new names even where nothing is in them. */
  readonly createEmptySrcDirs?: boolean | undefined
  /** Directories that were left for their new names go. */
  readonly deleteEmptySrcDirs?: boolean | undefined
  readonly noUpdateDirModtime?: boolean | undefined
}
