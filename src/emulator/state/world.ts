import type { Blobs } from './blobs.ts'
import type { Naming } from './naming.ts'
import type { Devices, FileItem, Revision, TreePath } from './tree.ts'

/** One login and the refresh tokens that descend from it; only the newest generation is good. */
export interface Family {
  readonly client: string
  readonly generation: number
}

/** Bytes that are still expected for a revision. */
export interface Upload {
  readonly id: string
  readonly file: FileItem
  readonly revision: Revision
  /** The path of the allocate request, which replies repeat. */
  readonly requested: string
  /** An earlier attempt at the same content failed its checksum. */
  readonly retry: boolean
}

/** What the operator of the service can set on an account (docs/protocol.md §3.1 and §4.3). */
export interface AccountSettings {
  /** Bytes; -1 is unlimited. */
  readonly quota: number
  /** Nothing but the account itself can be asked for. */
  readonly locked: boolean
  /** Nothing can be listed or downloaded. */
  readonly readLocked: boolean
  /** Nothing can be changed. */
  readonly writeLocked: boolean
  /** Uploads are said to be throttled. */
  readonly quotaWriteLocked: boolean
  /** Shown as `locked_cause`; null is none. */
  readonly lockedCause: string | null
}

/** An account with 1 TiB and no locks. */
export const DEFAULT_SETTINGS: AccountSettings = {
  quota: 2 ** 40,
  locked: false,
  readLocked: false,
  writeLocked: false,
  quotaWriteLocked: false,
  lockedCause: null,
}

/** All state of one emulated account. Only `apply` changes it. */
export interface World {
  username: string
  /** Signs tokens. */
  secret: string
  port: number
  settings: AccountSettings
  naming: Naming
  /** Gives the key under which a name is looked up: follows from `naming`, as does `spell`. */
  fold: (name: string) => string
  /** Gives the spelling in which a name is stored. */
  spell: (name: string) => string
  readonly devices: Devices
  /** Secrets of the login tokens that were not used yet. */
  readonly logins: Set<string>
  readonly families: Map<string, Family>
  readonly uploads: Map<string, Upload>
  /** How many completed revisions have a content, by content key. */
  readonly contents: Map<string, number>
  /** The next revision number of files that were removed for good, by folded path, where that is remembered. */
  readonly numbers: Map<string, { readonly path: TreePath; readonly next: number }>
  readonly blobs: Blobs
  /** While a journal is replayed, content that nobody refers to may be referred to again further on. */
  replaying: boolean
}

/** The key of a content: MD5 and size together (docs/protocol.md §3.2, deduplication). */
export function contentKey(content: { readonly md5: string; readonly size: number }): string {
  return `${content.md5.toLowerCase()}-${content.size}`
}
