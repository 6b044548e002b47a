/*
 * An emulator of Jottacloud: one HTTP server that answers for the hosts jfs, api, www, id and up, told apart by path.
 * It is written from docs/protocol.md alone and knows nothing of the client.
 *
 * Operations, for counters and fault rules:
 *   discovery token userinfo customer allocate upload purgeTrash publicDownload
 *   reading: user device mountpoint folder file missing view download list liststream enableShare disableShare
 *   changing: mkDir dl dlDir rm rmDir mv mvDir cp cphash umode createDevice createMountpoint unknownCommand
 *   anything else: unknown
 *
 * Gaps: event websocket and its token, thumbnails, multipart uploads, traditional and legacy logins, public albums,
 * web pages of public links, zip files of shared folders, locked accounts, expiry of the trash after 30 days, several
 * accounts in one emulator, TLS and the CONNECT proxy that redirects hard-coded hosts.
 *
 * Different by design: the quota is 1 TiB unless told otherwise. A login token that was used answers 400. Tokens are
 * signed with HS256. `rm` and `rmDir` answer with the parent's document without its entries. Names with characters
 * that the service cannot store are refused with 400. A live file in the way of a folder, and the reverse, is 409.
 * `mv`, `mvDir` and `cp` of a trashed source are 404. Folders carry no times. dlDir works on mountpoints, but not on
 * Archive and Sync. A content that no revision holds any more is no longer known.
 *
 * Quirks of clients that are provided for: Basic login with an empty secret, uploads after COMPLETED, ranges that end
 * one byte late, raw `+` in paths, a slash before `?mvDir=`, year-1 dates, commands with any Content-Type.
 * Beware of `fetch`, which repeats a request that is answered 421: the repetition meets an upload that is gone, 404.
 */
import type { AddressInfo } from 'node:net'
import { createAuthoriser } from './authorise.ts'
import type { Counters } from './counters.ts'
import type { Service } from './exchange.ts'
import type { Faults } from './faults.ts'
import { createLoginToken } from './login-token.ts'
import { seed, type SeedFile } from './seed.ts'
import { createEmulatorServer, type EmulatorServer } from './server.ts'
import { openStore } from './state/store.ts'

export type { Count, Counters } from './counters.ts'
export type { FaultAction, FaultRule, Faults } from './faults.ts'
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

/** A running or startable emulator of one account. */
export interface Emulator {
  /** Starts to answer; on 127.0.0.1 and, with a state folder, the port of last time, else any free one. */
  listen(at?: { readonly host?: string; readonly port?: number }): Promise<EmulatorUrls>
  /** A fresh personal login token, good for one login. The emulator must be listening. */
  createLoginToken(): string
  readonly username: string
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
    authorise: createAuthoriser(store),
    receivers: new Map(),
  }
  const server = createEmulatorServer(service, closing.signal)
  return {
    async listen({ host = '127.0.0.1', port = 0 } = {}) {
      const address = await bind(server, host, port === 0 ? store.world.port : port)
      if (address.port !== store.world.port) store.commit({ op: 'port', port: address.port })
      baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
      return { jfsUrl: `${baseUrl}/jfs/`, apiUrl: `${baseUrl}/`, wwwUrl: `${baseUrl}/`, port: address.port }
    },
    createLoginToken: () => createLoginToken(store, service.baseUrl()),
    username: store.world.username,
    faults: server.faults,
    counters: server.counters,
    seed: (files) => seed(store, files),
    async close() {
      closing.abort()
      await stop(server)
      store.close()
    },
  }
}

function bind({ http }: EmulatorServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, () => {
      http.off('error', reject)
      const address = http.address()
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'))
      else resolve(address)
    })
  })
}

function stop({ http }: EmulatorServer): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}
