import type { Server as HttpServer } from 'node:http'
import { bind, stop, type BoundServer, type Place } from '../listening.ts'
import { openAuthority, type Authority } from './authority.ts'
import { createConnectProxy } from './connect-proxy.ts'
import { createTlsDoor } from './tls-door.ts'

/** Where to listen, and where to put the certificate that clients have to trust. */
export interface DoorPlace extends Place {
  readonly caFile?: string | undefined
}

/** An address of a server; with TLS also the certificate (PEM) that clients have to trust. */
export interface Address {
  /** Without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly caFile?: string
}

/** Where a proxy listens and what its clients have to trust. */
export interface ProxyAddress {
  /** What goes into HTTPS_PROXY: `http://host:port`. */
  readonly proxyUrl: string
  readonly port: number
  /** The certificate (PEM) that clients have to trust, as `--ca-cert` takes it. */
  readonly caFile: string
}

/** The ways into an HTTP server. Certificates for all of them come from one authority, opened when first needed. */
export interface Doors {
  listen(at: DoorPlace & { readonly tls: boolean }): Promise<Address>
  listenProxy(at: DoorPlace): Promise<ProxyAddress>
  /** Ends what was opened, with all connections that came that way. */
  close(): Promise<void>
}

/** Makes the doors of a server, all closed as yet. */
export function createDoors(inner: HttpServer, stateDir: string | undefined): Doors {
  let opening: Promise<Authority> | undefined
  const open: { readonly bound: BoundServer; readonly end: () => void }[] = []
  const authority = (): Promise<Authority> => {
    opening ??= openAuthority(stateDir)
    return opening
  }
  return {
    async listen({ tls, caFile, ...at }) {
      if (!tls) {
        const bound = await bind(inner, at)
        open.push({ bound, end: () => undefined })
        return { url: bound.url, port: bound.port }
      }
      const certificates = await authority()
      const { server, end } = await createTlsDoor(inner, at.host, certificates)
      const bound = await bind(server, at)
      open.push({ bound, end })
      const url = bound.url.replace(/^http/, 'https')
      return { url, port: bound.port, caFile: certificates.publish(caFile) }
    },
    async listenProxy({ caFile, ...at }) {
      const certificates = await authority()
      const { http, close } = createConnectProxy(inner, certificates)
      const bound = await bind(http, at)
      open.push({ bound, end: close })
      return { proxyUrl: bound.url, port: bound.port, caFile: certificates.publish(caFile) }
    },
    async close() {
      const gone = open.map(({ bound }) => stop(bound))
      for (const { end } of open) end()
      await Promise.all(gone)
      const certificates = await opening
      certificates?.close()
    },
  }
}
