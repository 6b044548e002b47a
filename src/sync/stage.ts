import type { Context } from '../core/context.ts'
import type { Location } from '../core/remote.ts'
import type { MetadataCarrier } from '../operations/carry-metadata.ts'
import type { Failures } from '../operations/failures.ts'
import type { Step } from '../operations/gate.ts'
import type { Change } from './action.ts'
import type { Backup } from './backup.ts'
import type { DeletionGuard } from '../operations/deletion-guard.ts'
import type { DirMetadata } from './dir-metadata.ts'
import type { After, OutcomeListener } from './outcome.ts'
import type { TransferFile } from './transfer.ts'

/** Where changes are made, and how. */
export interface Stage {
  readonly source: Location
  readonly dest: Location
  /** Files leave the source. */
  readonly move: boolean
  readonly transfer: TransferFile
  /** What goes along with files under `--metadata`. */
  readonly carrier: MetadataCarrier | undefined
  /** What goes along with directories; undefined: their time. */
  readonly dirMetadata: DirMetadata | undefined
  /** What becomes of files that are overwritten or deleted; undefined: they are gone. */
  readonly backup: Backup | undefined
  readonly deletions: DeletionGuard
  readonly failures: Failures
  readonly onOutcome: OutcomeListener
}

/** How changes of one kind are carried out. */
export interface Performer<C extends Change> {
  readonly failure: string
  step(change: C, stage: Stage): Step
  allowed?(change: C, stage: Stage): boolean
  run(ctx: Context, stage: Stage, change: C): Promise<void>
  /** It was done, or skipped by a gate: counted either way, as rclone does. */
  done?(ctx: Context, stage: Stage, change: C): void
  /** What it leaves in the destination. */
  after?(change: C, stage: Stage): After
}
