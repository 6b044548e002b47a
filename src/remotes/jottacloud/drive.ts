import type { HttpClient } from '../../http/types.ts'
import type { Jfs } from './api/jfs.ts'
import type { Names } from './names.ts'

/** What every operation on one mountpoint is given. */
export interface Drive {
  /** Name of the remote, for errors. */
  readonly name: string
  readonly jfs: Jfs
  /** Speaks to every host of the service with the login's token. */
  readonly http: HttpClient
  /** Of the JSON API, with a slash at the end. */
  readonly apiUrl: string
  readonly device: string
  readonly mountpoint: string
  readonly names: Names
  /** Deletions go past the trash. */
  readonly hardDelete: boolean
  /** Bytes of a source that are kept in memory where its MD5 is not known. */
  readonly md5MemoryLimit: number
  /** An upload of no more bytes is sent from its beginning when it was interrupted. */
  readonly uploadResumeLimit: number
  readonly tempDir: string
  /** Milliseconds since 1970. */
  now(): number
}
