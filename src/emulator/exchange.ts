import type { Operation } from './operations.ts'
import type { IncomingMessage } from 'node:http'
import type { Tally } from './counters.ts'
import type { Dialect } from './dialect.ts'
import type { EventStream } from './events/stream.ts'
import type { FaultAction } from './fault-action.ts'
import type { Origins } from './hosts.ts'
import type { Codes } from './logins/codes.ts'
import type { Credentials } from './logins/credentials.ts'
import type { IdTokens } from './logins/id-tokens.ts'
import type { Reply } from './reply.ts'
import type { Store } from './state/store.ts'

/** What all requests have in common. */
export interface Service {
  readonly store: Store
  /** What the emulator answers where nobody knows what the service does; may change between requests. */
  readonly dialect: Dialect
  /** Bytes; -1 is unlimited. */
  readonly capacity: number
  /** Seconds. */
  readonly accessTokenLifetime: number
  /** The emulator's own address, `http://host:port` without a slash at the end. */
  baseUrl(): string
  readonly credentials: Credentials
  /** Authorization codes that were given out. */
  readonly codes: Codes
  readonly idTokens: IdTokens
  /** Whether discovery says that PKCE is possible; it is either way. */
  readonly offersPkce: boolean
  /** Refuses a request without a valid access token. */
  authorise(request: IncomingMessage): void
  /** The requests that send bytes for an upload, by its id: a newer one takes the place of an older one. */
  readonly receivers: Map<string, IncomingMessage>
  /** The uploads whose URL was used since the last allocate. */
  readonly usedUploads: Set<string>
  /** Access tokens that a fault declared expired. */
  readonly expiredTokens: Set<string>
  readonly events: EventStream
  /** Removes what has been in the trash for 30 days (docs/protocol.md §4.8). */
  expireTrash(): void
}

/** One request with everything needed to answer it. */
export interface Exchange {
  readonly service: Service
  readonly request: IncomingMessage
  readonly reply: Reply
  /** Where this client finds the parts of the service. */
  readonly origins: Origins
  readonly query: URLSearchParams
  /** The body of requests whose route wants it as text. */
  readonly body: string
  readonly tally: Tally
  readonly action: FaultAction | undefined
}

/** The first line of a request. */
export interface Target {
  readonly method: string
  /** The host of the service that the client believes to talk to; undefined at the emulator's own address. */
  readonly host: string | undefined
  /** As it was sent, percent-encoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** '' without the header. */
  readonly contentType: string
}

/** What is to be done with a request. */
export interface Route {
  /** The name in counters and fault rules. */
  readonly operation: Operation
  /** The shape of error answers. */
  readonly style: 'xml' | 'json'
  /** The body is read before the route runs. */
  readonly wantsBody?: true
  /** What the request is about, for fault rules. */
  subject(body: string): string
  run(exchange: Exchange): Promise<void>
}
