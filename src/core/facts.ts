import type { HashType } from './hash.ts'
import type { MetadataItem } from './metadata.ts'
import type { Path } from './path.ts'
import type { Time } from './time.ts'

/** What is true of a place; data, so that wrappers and tests can read it. */
export interface Facts {
  /** How the place is named in messages, e.g. "Local file system at src/dir". */
  readonly description: string
  /** The path as people see it where that is another, as on a disk, where it is shown as it was typed. */
  readonly shown?: string | undefined
  readonly hashes: readonly HashType[]
  /** Nanoseconds that times are exact to; undefined where the place keeps no times of files. */
  readonly timePrecision: Time | undefined
  readonly caseInsensitive: boolean
  /** Nothing is there yet that shows whether case is ignored. */
  readonly caseUnknown?: boolean | undefined
  readonly emptyDirs: boolean
  /** Directories have times that can be set. */
  readonly dirTimes: boolean
  /** `write` asks its source for the hash before the first byte. */
  readonly needsHashBeforeWrite?: HashType | undefined
  /** Reading a hash costs a reading of the file. */
  readonly slowHash: boolean
  /** A write shows under its name only when it is whole, through a temporary name that a crash may leave behind. */
  readonly partialUploads: boolean
  /** Why nothing can be changed here, to follow "… because "; absent where things can be changed. */
  readonly readOnly?: string | undefined
  /** Symbolic links show as files whose names end so; absent where they do not. */
  readonly linkSuffix?: string | undefined
  /** What `metadata` tells and `WriteOptions.metadata` takes. */
  readonly metadata?: readonly MetadataItem[] | undefined
  /** Besides those, items of any name are kept. */
  readonly userMetadata?: boolean | undefined
  /** Directories have metadata too, which `metadata` tells and `setMetadata` sets. */
  readonly dirMetadata?: boolean | undefined
}

/** Where a path really is: wrappers peeled, so that two names of one place compare equal. */
export interface Identity {
  readonly account: string
  readonly path: Path
}
