import type { IncomingMessage } from 'node:http'
import { realmPath, REALMS } from './logins/realms.ts'

/** What each host of the service answers to, by the start of the path (docs/protocol.md §1, §2.5). */
const HOSTS = new Map<string, readonly string[]>([
  ['jfs.jottacloud.com', ['/jfs/', '/rest/']],
  ['up.jottacloud.com', ['/jfs/', '/upload/']],
  ['down.jottacloud.com', ['/jfs/']],
  ['api.jottacloud.com', ['/account/', '/files/', '/photos/', '/auth/v1/', '/rest/']],
  ['www.jottacloud.com', ['/']],
  ['websocket.jottacloud.com', ['/ws/']],
  ['www.jotta.no', ['/jfs/']],
  ...[...REALMS.values()].flatMap(({ name, domains }) =>
    domains.map((domain) => [domain, [`${realmPath(name)}/`]] as const),
  ),
])

/** Whether a host, in small letters and without a port, is one of Jottacloud or of a service under another brand. */
export function isServiceHost(host: string): boolean {
  return HOSTS.has(host)
}

/** Whether a path, as sent, belongs to what a host of the service serves. */
export function isServedAt(host: string, path: string): boolean {
  return HOSTS.get(host)?.some((start) => path.startsWith(start)) ?? false
}

/** The host of the service that a client believes to talk to; undefined where it came to the emulator's own address. */
export function serviceHostOf(request: IncomingMessage): string | undefined {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
  return isServiceHost(host) ? host : undefined
}

/** Where a client finds the other parts of the service. */
export interface Origins {
  /** The host for uploads, without a slash at the end. */
  readonly up: string
  /** The issuer of a realm (docs/protocol.md §2.2). */
  issuer(realm: string): string
}

/** The emulator's own address for everything. */
export function directOrigins(baseUrl: string): Origins {
  return { up: baseUrl, issuer: (realm) => baseUrl + realmPath(realm) }
}

/** The hosts of the service; a realm of several domains is found at the one that the client uses already. */
export function serviceOrigins(host: string): Origins {
  return {
    up: 'https://up.jottacloud.com',
    issuer(realm) {
      const domains = REALMS.get(realm)?.domains ?? []
      const domain = domains.includes(host) ? host : (domains[0] ?? host)
      return `https://${domain}${realmPath(realm)}`
    },
  }
}
