/*
 * An emulator of Jottacloud: one HTTP server that answers for the hosts jfs, api, www, id and up, told apart by path.
 * It is written from docs/protocol.md alone and knows nothing of the client.
 *
 * Operations, for counters and fault rules:
 *   discovery authorization signIn token userinfo certs logout legacyRegister legacyToken
 *   customer allocate upload purgeTrash publicDownload
 *   reading: user device mountpoint folder file missing view download list liststream enableShare disableShare
 *   changing: mkDir dl dlDir rm rmDir mv mvDir cp cphash umode createDevice createMountpoint unknownCommand
 *   anything else: unknown
 *
 * Gaps: event websocket and its token, thumbnails, multipart uploads, public albums, web pages of public links,
 * zip files of shared folders, locked accounts, expiry of the trash after 30 days, several accounts in one emulator.
 *
 * Different by design: the quota is 1 TiB unless told otherwise. A login token that was used answers 400. Access and
 * refresh tokens are signed with HS256, identity tokens with ES256. The secret of the legacy client that all share is
 * not checked. `rm` and `rmDir` answer with the parent's document without its entries. Names with characters
 * that the service cannot store are refused with 400. A live file in the way of a folder, and the reverse, is 409.
 * `mv`, `mvDir` and `cp` of a trashed source are 404. Folders carry no times. dlDir works on mountpoints, but not on
 * Archive and Sync. A content that no revision holds any more is no longer known.
 *
 * Quirks of clients that are provided for: Basic login with an empty secret, uploads after COMPLETED, ranges that end
 * one byte late, raw `+` in paths, a slash before `?mvDir=`, year-1 dates, commands with any Content-Type.
 * Beware of `fetch`, which repeats a request that is answered 421: the repetition meets an upload that is gone, 404.
 */
import { createAuthoriser } from './authorise.ts'
import { authorityOf, bind, unbind } from './bind.ts'
import type { Counters } from './counters.ts'
import type { Service } from './exchange.ts'
import type { Faults } from './faults.ts'
import { directOrigins, serviceOrigins } from './hosts.ts'
import { createLoginToken } from './login-token.ts'
import { createCodes } from './logins/codes.ts'
import { DEFAULT_CREDENTIALS, type Credentials } from './logins/credentials.ts'
import { createIdTokens } from './logins/id-tokens.ts'
import { HOME_REALM } from './logins/realms.ts'
import { endSessions } from './logins/sessions.ts'
import { createDoors, type ProxyAddress } from './proxy/doors.ts'
import { seed, type SeedFile } from './seed.ts'
import { createEmulatorServer } from './server.ts'
import { openStore } from './state/store.ts'

export type { Count, Counters } from './counters.ts'
export type { FaultAction, FaultRule, Faults } from './faults.ts'
export type { Credentials } from './logins/credentials.ts'
export type { ProxyAddress } from './proxy/doors.ts'
export type { SeedFile } from './seed.ts'

/** How an emulator is set up. */
export interface EmulatorOptions {
  /** A folder for the state, which then survives any end of the process; in memory if left out. One emulator at a time. */
  readonly stateDir?: string
  /** The clock, milliseconds since 1970. */
  readonly now?: () => number
  /** Bytes; -1 is unlimited. 1 TiB if left out. */
  readonly quota?: number
  /** Seconds; 3600 if left out. */
  readonly accessTokenLifetime?: number
  /** With what a person signs in; email, password or a one-time code of a second factor other than the default. */
  readonly credentials?: Partial<Credentials>
  /** Whether discovery says that PKCE is possible; it is checked either way. True if left out. */
  readonly offersPkce?: boolean
}

/** Where a listening emulator answers. */
export interface EmulatorUrls {
  /** Stands for https://jfs.jottacloud.com/jfs/ and for the up and down hosts. */
  readonly jfsUrl: string
  /** Stands for https://api.jottacloud.com/. */
  readonly apiUrl: string
  /** Stands for https://www.jottacloud.com/. */
  readonly wwwUrl: string
  readonly port: number
  /** With TLS: the certificate (PEM) that clients have to trust. */
  readonly caFile?: string
}

/** Where to listen and how. */
export interface ListenOptions {
  readonly host?: string
  readonly port?: number
  /** Serve with TLS. */
  readonly tls?: boolean
  /** Where to put the certificate that clients have to trust: else it is in the state folder, or a temporary file. */
  readonly caFile?: string
}

/** A running or startable emulator of one account. */
export interface Emulator {
  /** Starts to answer; on 127.0.0.1 and, with a state folder, the port of last time, else any free one. */
  listen(at?: ListenOptions): Promise<EmulatorUrls>
  /**
   * Opens a CONNECT proxy on 127.0.0.1 and any free port that leads all hosts of Jottacloud and of its white-label
   * services, and no others, to this emulator, with TLS. A program whose addresses cannot be set comes in this way.
   */
  listenProxy(at?: Omit<ListenOptions, 'tls'>): Promise<ProxyAddress>
  /**
   * A fresh personal login token, good for one login. It leads to the emulator's own address, where it must be
   * listening, or with `proxied` to id.jottacloud.com.
   */
  createLoginToken(options?: { readonly proxied?: boolean }): string
  readonly username: string
  /** With what a person signs in, by email or user name. */
  readonly credentials: Credentials
  /** Ends all logins: no refresh token is good any more. Access tokens are until they expire. */
  revokeLogins(): void
  readonly faults: Faults
  readonly counters: Counters
  /** Puts files into the account, far quicker than by requests. */
  seed(files: Iterable<SeedFile>): void
  /** Ends open connections and lets go of the state folder. */
  close(): Promise<void>
}

const DEFAULT_QUOTA = 2 ** 40
const DEFAULT_LIFETIME = 3600

/** Makes an emulator with the account in its state folder, or with a new, empty one. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const store = openStore(options.stateDir, options.now ?? Date.now)
  const credentials = { ...DEFAULT_CREDENTIALS, ...options.credentials }
  const closing = new AbortController()
  let baseUrl: string | undefined
  const service: Service = {
    store,
    capacity: options.quota ?? DEFAULT_QUOTA,
    accessTokenLifetime: options.accessTokenLifetime ?? DEFAULT_LIFETIME,
    baseUrl() {
      if (baseUrl === undefined) throw new Error('The emulator is not listening: call listen() first')
      return baseUrl
    },
    credentials,
    codes: createCodes(() => store.now()),
    idTokens: createIdTokens(),
    offersPkce: options.offersPkce ?? true,
    authorise: createAuthoriser(store),
    receivers: new Map(),
  }
  const server = createEmulatorServer(service, closing.signal)
  const doors = createDoors(server.http, options.stateDir)
  return {
    async listen({ host = '127.0.0.1', port: wanted = 0, tls = false, caFile } = {}) {
      const at = { host, port: wanted === 0 ? store.world.port : wanted }
      const bound = tls ? await doors.listenTls({ ...at, caFile }) : { port: await bind(server.http, at.host, at.port) }
      const { port } = bound
      if (port !== store.world.port) store.commit({ op: 'port', port })
      baseUrl = `${tls ? 'https' : 'http'}://${authorityOf(host, port)}`
      return { jfsUrl: `${baseUrl}/jfs/`, apiUrl: `${baseUrl}/`, wwwUrl: `${baseUrl}/`, ...bound }
    },
    listenProxy: ({ host = '127.0.0.1', port = 0, caFile } = {}) => doors.listenProxy({ host, port, caFile }),
    createLoginToken({ proxied = false } = {}) {
      const origins = proxied ? serviceOrigins('') : directOrigins(service.baseUrl())
      return createLoginToken(store, origins.issuer(HOME_REALM))
    },
    username: store.world.username,
    credentials,
    revokeLogins: () => endSessions(store, () => true),
    faults: server.faults,
    counters: server.counters,
    seed: (files) => seed(store, files),
    async close() {
      closing.abort()
      const gone = unbind(server.http)
      server.http.closeAllConnections()
      await Promise.all([gone, doors.close()])
      store.close()
    },
  }
}
