import type { HttpClient } from '../../http/types.ts'
import type { Jfs } from './api/jfs.ts'
import type { Shown } from './entry.ts'
import type { Leftovers } from './leftovers.ts'
import type { Names } from './names.ts'
import type { Spellings } from './spellings.ts'

/** What every operation on one mountpoint is given. */
export interface Drive {
  /** Name of the remote, for errors. */
  readonly name: string
  readonly jfs: Jfs
  /** Speaks to every host of the service with the login's token. */
  readonly http: HttpClient
  /** Of the JSON API, with a slash at the end. */
  readonly apiUrl: string
  /** Of the web site, with a slash at the end. */
  readonly wwwUrl: string
  readonly device: string
  readonly mountpoint: string
  readonly names: Names
  readonly spellings: Spellings
  readonly leftovers: Leftovers
  readonly shown: Shown
  /** Deletions go past the trash. */
  readonly hardDelete: boolean
  /** What a file held before is not kept as an older version of it. */
  readonly noVersions: boolean
  /** Bytes of a source that are kept in memory where its MD5 is not known. */
  readonly md5MemoryLimit: number
  /** An upload of no more bytes is sent from its beginning when it was interrupted. */
  readonly uploadResumeLimit: number
  readonly tempDir: string
  /** The internal user name of the account. */
  user(signal: AbortSignal | undefined): Promise<string>
  /** Milliseconds since 1970. */
  now(): number
}
