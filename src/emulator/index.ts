/*
 * An emulator of Jottacloud: one HTTP server that answers for the hosts jfs, api, www, id, up and websocket, told apart
 * by path. It is written from docs/protocol.md alone and knows nothing of the client.
 *
 * What nobody knows of the service is a switch: dialect.ts and docs/emulator-dialects.md. Requests are counted, recorded and
 * made to fail by their operation: operations.ts.
 *
 * Gaps: thumbnails (501 where the service has one), public albums, several accounts in one emulator, events that were
 * missed (LAST_UUID only tells that there were some), shared folders between users. Multipart bodies of more than 256
 * MiB are refused, they are held in memory; so are zip files of folders beyond 4 GiB.
 *
 * Different by design: the quota is 1 TiB unless told otherwise. Access and refresh tokens are signed with HS256,
 * identity tokens with ES256. The secret of the legacy client that all share is not checked. Names with characters
 * that the service cannot store are refused with 400. A live file in the way of a folder, and the reverse, is 409.
 * `mv`, `mvDir` and `cp` of a trashed source are 404. dlDir works on mountpoints, but not on Archive and Sync. A content
 * that no revision holds any more is no longer known. What has been in the trash for 30 days is gone at the next
 * request of whatever kind. The event stream is below the same address: `/ws/<user>/<token>`.
 *
 * Quirks of clients that are provided for: Basic login with an empty secret, uploads after COMPLETED, ranges that end
 * one byte late, raw `+` in paths, a slash before `?mvDir=`, year-1 dates, commands with any Content-Type.
 * Beware of `fetch`, which repeats a request that is answered 421: the repetition meets an upload that is gone, 404.
 */
import { setMaxListeners } from 'node:events'
import { createAuthoriser } from './authorise.ts'
import { createClock, type Clock } from './clock.ts'
import { createControlServer } from './control/server.ts'
import type { Counters } from './counters.ts'
import { createDialectSwitch, namingOf, type DialectSwitch } from './dialect-switch.ts'
import { defaultDialect, type Dialect } from './dialect.ts'
import { createEventStream } from './events/stream.ts'
import type { Service } from './exchange.ts'
import type { Faults } from './faults.ts'
import { directOrigins, serviceOrigins } from './hosts.ts'
import { bind, stop, type BoundServer } from './listening.ts'
import { createLoginToken } from './login-token.ts'
import { createCodes } from './logins/codes.ts'
import { DEFAULT_CREDENTIALS, type Credentials } from './logins/credentials.ts'
import { createIdTokens } from './logins/id-tokens.ts'
import { HOME_REALM } from './logins/realms.ts'
import { endSessions } from './logins/sessions.ts'
import { createDoors, type ProxyAddress } from './proxy/doors.ts'
import type { Requests } from './requests.ts'
import { seed, type SeedFile } from './seed.ts'
import { createEmulatorServer } from './server.ts'
import { createAccount, type Account } from './settings.ts'
import { openStore } from './state/store.ts'
import { createTrashExpiry } from './trash-expiry.ts'

export type { Clock } from './clock.ts'
export type { Count, Counters } from './counters.ts'
export type { DialectSwitch } from './dialect-switch.ts'
export { defaultDialect, dialects, worstDialect, type Dialect } from './dialect.ts'
export type { FaultAction } from './fault-action.ts'
export type { ActiveFault, FaultRule, Faults } from './faults.ts'
export type { Credentials } from './logins/credentials.ts'
export type { ProxyAddress } from './proxy/doors.ts'
export { operations } from './operations.ts'
export type { RecordedRequest, Requests } from './requests.ts'
export type { SeedFile } from './seed.ts'
export type { Account } from './settings.ts'
export { JournalError, type JournalFault } from './state/journal-error.ts'
export type { AccountSettings } from './state/world.ts'

/** How an emulator is set up. */
export interface EmulatorOptions {
  /** A folder for the state, which then survives any end of the process; in memory if left out. One emulator at a time. */
  readonly stateDir?: string
  /** The clock that the emulator's runs with until it is set, milliseconds since 1970. */
  readonly now?: () => number
  /** Bytes; -1 is unlimited. 1 TiB, or what the state folder says, if left out. */
  readonly quota?: number
  /** Seconds; 3600 if left out. */
  readonly accessTokenLifetime?: number
  /** With what a person signs in; email, password or a one-time code of a second factor other than the default. */
  readonly credentials?: Partial<Credentials>
  /** Whether discovery says that PKCE is possible; it is checked either way. True if left out. */
  readonly offersPkce?: boolean
  /** Answers to what nobody knows of the service; the default one to each question that is left out. */
  readonly dialect?: Partial<Dialect>
  /** Is told what was broken at the end of the state folder's journal and had to be left behind. */
  readonly onWarning?: (message: string) => void
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

/** Where to listen: 127.0.0.1 and any free port if left out. */
export interface ListenAt {
  readonly host?: string
  readonly port?: number
}

/** Where to listen and how. */
export interface ListenOptions extends ListenAt {
  /** Serve with TLS. */
  readonly tls?: boolean
  /** Where to put the certificate that clients have to trust: else it is in the state folder, or a temporary file. */
  readonly caFile?: string
}

/** A running or startable emulator of one account. */
export interface Emulator {
  /**
   * Starts to answer; on 127.0.0.1 and, with a state folder, the port of last time, else any free one.
   * @throws Error that says so if the port is taken
   */
  listen(at?: ListenOptions): Promise<EmulatorUrls>
  /**
   * Opens a CONNECT proxy that leads all hosts of Jottacloud and of its white-label services, and no others, to this
   * emulator, with TLS. A program whose addresses cannot be set comes in this way.
   */
  listenProxy(at?: Omit<ListenOptions, 'tls'>): Promise<ProxyAddress>
  /** Starts the control interface (docs/guides/emulator.md), on an address of its own. Whoever reaches it rules. */
  listenControl(at?: ListenAt): Promise<{ readonly url: string; readonly port: number }>
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
  /** The last 1000 requests. */
  readonly requests: Requests
  readonly clock: Clock
  readonly account: Account
  readonly dialect: DialectSwitch
  /** Puts files into the account, far quicker than by requests. */
  seed(files: Iterable<SeedFile>): void
  /** Ends open connections and lets go of the state folder. */
  close(): Promise<void>
}

const DEFAULT_LIFETIME = 3600

/**
 * Makes an emulator with the account in its state folder, or with a new, empty one.
 * @throws JournalError if the state folder cannot be read; nothing in it is changed then
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const { stateDir, onWarning } = options
  const clock = createClock(options.now ?? Date.now, () => expiry.reset())
  const answers = { ...defaultDialect, ...options.dialect }
  const store = openStore({ stateDir, onWarning, now: () => clock.now(), naming: namingOf(answers) })
  const dialect = createDialectSwitch(store, answers)
  const expiry = createTrashExpiry(store, () => dialect.answers())
  const account = createAccount(store)
  if (options.quota !== undefined && options.quota !== account.settings().quota) account.set({ quota: options.quota })
  const credentials = { ...DEFAULT_CREDENTIALS, ...options.credentials }
  const closing = new AbortController()
  setMaxListeners(0, closing.signal) // one for each request that a fault delays
  const bound: BoundServer[] = []
  const expiredTokens = new Set<string>()
  const events = createEventStream(store)
  let baseUrl: string | undefined
  const service: Service = {
    store,
    get dialect() {
      return dialect.answers()
    },
    get capacity() {
      return account.settings().quota
    },
    accessTokenLifetime: options.accessTokenLifetime ?? DEFAULT_LIFETIME,
    baseUrl() {
      if (baseUrl === undefined) throw new Error('The emulator is not listening: call listen() first')
      return baseUrl
    },
    credentials,
    codes: createCodes(() => store.now()),
    idTokens: createIdTokens(),
    offersPkce: options.offersPkce ?? true,
    authorise: createAuthoriser(store, expiredTokens),
    receivers: new Map(),
    usedUploads: new Set(),
    expiredTokens,
    events,
    expireTrash: () => expiry.sweep(),
  }
  const server = createEmulatorServer(service, closing.signal)
  const doors = createDoors(server.http, stateDir)
  const { faults, counters, requests } = server
  const emulator: Emulator = {
    async listen({ host = '127.0.0.1', port: wanted = 0, tls = false, caFile } = {}) {
      const at = { host, port: wanted === 0 ? store.world.port : wanted }
      const { url, ...address } = await doors.listen({ ...at, tls, caFile })
      if (address.port !== store.world.port) store.commit({ op: 'port', port: address.port })
      baseUrl = url
      return { jfsUrl: `${url}/jfs/`, apiUrl: `${url}/`, wwwUrl: `${url}/`, ...address }
    },
    listenProxy: ({ host = '127.0.0.1', port = 0, caFile } = {}) => doors.listenProxy({ host, port, caFile }),
    async listenControl({ host = '127.0.0.1', port = 0 } = {}) {
      const listening = await bind(createControlServer(emulator), { host, port })
      bound.push(listening)
      return { url: `${listening.url}/`, port: listening.port }
    },
    createLoginToken({ proxied = false } = {}) {
      const origins = proxied ? serviceOrigins('') : directOrigins(service.baseUrl())
      return createLoginToken(store, origins.issuer(HOME_REALM))
    },
    username: store.world.username,
    credentials,
    revokeLogins: () => endSessions(store, () => true),
    faults,
    counters,
    requests,
    clock,
    account,
    dialect,
    seed: (files) => seed(service, files),
    async close() {
      closing.abort()
      events.close()
      await Promise.all([...bound.splice(0).map(stop), doors.close()])
      store.close()
    },
  }
  return emulator
}
