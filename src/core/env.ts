import type { Logger } from './context.ts'
import type { HashMemory, UnfinishedFiles, Writers } from './remembered.ts'
import type { TokenStore } from './token.ts'

/** What of the traffic is written to the log (`--dump`). */
export type DumpFlag = 'headers' | 'bodies' | 'requests' | 'responses' | 'auth'

/** How HTTP is spoken; times in milliseconds. Plain data, so that tests and the SDK can give it. */
export interface HttpSettings {
  readonly userAgent: string
  /** `--contimeout` */
  readonly connectTimeout: number
  /** `--timeout`: how long a connection may be idle in headers or body; 0 is for ever. */
  readonly idleTimeout: number
  /** `--low-level-retries`: attempts in all for one request. */
  readonly attempts: number
  /** Asked before every request; resolves when it may go (`--tpslimit`). */
  readonly turn?: ((signal?: AbortSignal) => Promise<void>) | undefined
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** More of them for requests of one operation: 'upload', 'download' (`--header-upload`, `--header-download`). */
  readonly headersOf?: Readonly<Record<string, HttpSettings['headers']>> | undefined
  /** PEM files. */
  readonly caCerts: readonly string[]
  readonly clientCert?: string | undefined
  readonly clientKey?: string | undefined
  /** What the key is encrypted with, obscured as in a config. */
  readonly clientPass?: string | undefined
  readonly insecure: boolean
  /** Local address that connections come from. */
  readonly bind?: string | undefined
  /** `--http-proxy`: for everything, whatever the environment says. */
  readonly proxy?: string | undefined
  /** A connection is closed after one request. */
  readonly closeConnections?: boolean | undefined
  readonly dump: ReadonlySet<DumpFlag>
  /** HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE … are read from here. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What a remote is given when it is opened. */
export interface RemoteEnv {
  readonly log: Logger
  readonly http: HttpSettings
  /** The login of this remote; absent where it needs none. */
  readonly tokens?: TokenStore | undefined
  /** Where what cannot be read twice is spooled. */
  readonly tempDir: string
  /** What earlier runs have left; absent where nothing is remembered. */
  readonly remembered?:
    | {
        readonly hashes?: HashMemory | undefined
        readonly unfinished: UnfinishedFiles
        readonly writers?: Writers | undefined
      }
    | undefined
  readonly signal: AbortSignal
  readonly now: () => number
  /** A program and its arguments that refreshes a token and outlives this process; without it that is done in here. */
  readonly refreshHelper?: readonly string[] | undefined
}
