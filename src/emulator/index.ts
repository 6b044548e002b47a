/*
 * An emulator of Jottacloud: one HTTP server that answers for the hosts jfs, api, www, id, up and websocket, told apart
 * by path. It is written from docs/protocol.md alone and knows nothing of the client.
 *
 * Operations, for counters, fault rules and the log of requests:
 *   discovery token userinfo customer allocate upload purgeTrash eventToken websocket
 *   public links: publicDownload publicThumb publicPage
 *   reading: user device mountpoint folder file missing view download list liststream thumb
 *   changing: mkDir dl dlDir rm rmDir mv mvDir cp cphash umode multipart enableShare disableShare createDevice
 *             createMountpoint unknownCommand
 *   anything else: unknown
 *
 * What nobody knows of the service is a switch: dialect.ts and docs/emulator-dialects.md.
 *
 * Gaps: thumbnails (501 where the service has one), traditional and legacy logins, public albums, several accounts in
 * one emulator, TLS and the CONNECT proxy that redirects hard-coded hosts, the password of the web site's own pages,
 * events that were missed (LAST_UUID only tells that there were some), shared folders between users. Multipart bodies
 * of more than 256 MiB are refused, they are held in memory; so are zip files of folders beyond 4 GiB.
 *
 * Different by design: the quota is 1 TiB unless told otherwise. Tokens are signed with HS256. Names with characters
 * that the service cannot store are refused with 400. A live file in the way of a folder, and the reverse, is 409.
 * `mv`, `mvDir` and `cp` of a trashed source are 404. dlDir works on mountpoints, but not on Archive and Sync. A content
 * that no revision holds any more is no longer known. What has been in the trash for 30 days is gone at the next
 * request of whatever kind. The event stream is below the same address: `/ws/<user>/<token>`.
 *
 * Quirks of clients that are provided for: Basic login with an empty secret, uploads after COMPLETED, ranges that end
 * one byte late, raw `+` in paths, a slash before `?mvDir=`, year-1 dates, commands with any Content-Type.
 * Beware of `fetch`, which repeats a request that is answered 421: the repetition meets an upload that is gone, 404.
 */
import { createAuthoriser } from './authorise.ts'
import { createClock, type Clock } from './clock.ts'
import { createControlServer } from './control/server.ts'
import type { Counters } from './counters.ts'
import { createDialectSwitch, namingOf, type DialectSwitch } from './dialect-switch.ts'
import { defaultDialect, type Dialect } from './dialect.ts'
import { createEventStream } from './events/stream.ts'
import type { Service } from './exchange.ts'
import type { Faults } from './faults.ts'
import { bind, stop, type BoundServer } from './listening.ts'
import { createLoginToken } from './login-token.ts'
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
}

/** Where to listen: 127.0.0.1 and any free port if left out. */
export interface ListenAt {
  readonly host?: string
  readonly port?: number
}

/** A running or startable emulator of one account. */
export interface Emulator {
  /**
   * Starts to answer; on 127.0.0.1 and, with a state folder, the port of last time, else any free one.
   * @throws Error that says so if the port is taken
   */
  listen(at?: ListenAt): Promise<EmulatorUrls>
  /** Starts the control interface (docs/guides/emulator.md), on an address of its own. Whoever reaches it rules. */
  listenControl(at?: ListenAt): Promise<{ readonly url: string; readonly port: number }>
  /** A fresh personal login token, good for one login. The emulator must be listening. */
  createLoginToken(): string
  readonly username: string
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
  const closing = new AbortController()
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
    authorise: createAuthoriser(store, expiredTokens),
    receivers: new Map(),
    usedUploads: new Set(),
    expiredTokens,
    events,
    expireTrash: () => expiry.sweep(),
  }
  const server = createEmulatorServer(service, closing.signal)
  const { faults, counters, requests } = server
  const emulator: Emulator = {
    async listen({ host = '127.0.0.1', port = 0 } = {}) {
      const listening = await bind(server.http, { host, port: port === 0 ? store.world.port : port })
      bound.push(listening)
      if (listening.port !== store.world.port) store.commit({ op: 'port', port: listening.port })
      baseUrl = listening.url
      return { jfsUrl: `${baseUrl}/jfs/`, apiUrl: `${baseUrl}/`, wwwUrl: `${baseUrl}/`, port: listening.port }
    },
    async listenControl({ host = '127.0.0.1', port = 0 } = {}) {
      const listening = await bind(createControlServer(emulator), { host, port })
      bound.push(listening)
      return { url: `${listening.url}/`, port: listening.port }
    },
    createLoginToken: () => createLoginToken(store, service.baseUrl()),
    username: store.world.username,
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
      await Promise.all(bound.splice(0).map(stop))
      store.close()
    },
  }
  return emulator
}
