import type { Blobs } from './blobs.ts'
import type { Devices, FileItem, Revision } from './tree.ts'

/** One login and the refresh tokens that descend from it; only the newest generation is good. */
export interface Family {
  readonly client: string
  readonly generation: number
  /** Where it is refreshed; empty for legacy logins. */
  readonly realm: string
  readonly scope: string
  /** Made in a browser: there is only one such login at a time. */
  readonly traditional: boolean
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

/** All state of one emulated account. Only `apply` changes it. */
export interface World {
  username: string
  /** Signs tokens. */
  secret: string
  port: number
  readonly devices: Devices
  /** Secrets of the login tokens that were not used yet. */
  readonly logins: Set<string>
  readonly families: Map<string, Family>
  /** Secrets of the clients that registered themselves, by client id. */
  readonly clients: Map<string, string>
  readonly uploads: Map<string, Upload>
  /** How many completed revisions have a content, by content key. */
  readonly contents: Map<string, number>
  readonly blobs: Blobs
  /** While a journal is replayed, content that nobody refers to may be referred to again further on. */
  replaying: boolean
}

/** Makes the state of an account that has nothing yet, not even devices. */
export function newWorld(blobs: Blobs): World {
  return {
    username: '',
    secret: '',
    port: 0,
    devices: new Map(),
    logins: new Set(),
    families: new Map(),
    clients: new Map(),
    uploads: new Map(),
    contents: new Map(),
    blobs,
    replaying: false,
  }
}

/** The key of a content: MD5 and size together (docs/protocol.md §3.2, deduplication). */
export function contentKey(content: { readonly md5: string; readonly size: number }): string {
  return `${content.md5.toLowerCase()}-${content.size}`
}
