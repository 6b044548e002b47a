import type { HashType, Hashes } from './hash.ts'
import type { Time } from './time.ts'

/** What tells one content of a file of a disk from another. */
export interface FileIdentity {
  /** The whole path. */
  readonly path: string
  readonly device: bigint
  readonly inode: bigint
  /** Bytes. */
  readonly size: number
  readonly modified: Time
  /** When anything about the file changed, which no program can set back. */
  readonly changed: Time
}

/** Hashes of local files that did not change since they were read. Looking something up never waits. */
export interface HashMemory {
  get(file: FileIdentity, type: HashType): string | undefined
  /** @param readAt when the reading began, nanoseconds since 1970; what had just changed by then is not remembered */
  put(file: FileIdentity, hashes: Hashes, readAt: Time): void
}

/** A part of a file: from, and up to but not with, in bytes. */
export interface Part {
  readonly from: number
  readonly to: number
}

/** A file that is being fetched in parts, and what of it is whole. */
export interface UnfinishedFile {
  readonly size: number
  /** The hash that it must have in the end, under its type's name. */
  readonly hash: string
  /** Which file on the disk holds the parts. */
  readonly inode: string
  readonly whole: readonly Part[]
}

/** Files that were being fetched when a run ended. What the system refuses is thrown: there is then no record. */
export interface UnfinishedFiles {
  /**
   * What is known of the partial file `path`, which is this process's until it is released; 'taken' while another has it.
   */
  claim(path: string): UnfinishedFile | 'taken' | undefined
  put(path: string, file: UnfinishedFile): void
  /** Ends the claim; the record stays. */
  release(path: string): void
  /** Ends the claim and forgets the record. */
  forget(path: string): void
}

/** The processes that write files under temporary names. */
export interface Writers {
  /** Others see from now on that this process writes. What the system refuses is thrown. */
  arrive(): void
  /**
   * Whether one that was at work has been killed, and no other is: a temporary file that this process has not made is then
   * nobody's. To be asked after `arrive`.
   */
  leftAlone(): boolean
}

/** What the last good run over the same places has found. */
export interface RunRecord {
  readonly files: number
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly at: number
}
