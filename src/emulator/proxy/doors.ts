import type { Server as HttpServer } from 'node:http'
import type { Server as NetServer } from 'node:net'
import { createServer as createTlsServer, type SecureContext } from 'node:tls'
import { authorityOf, bind, unbind } from '../bind.ts'
import { isServiceHost } from '../hosts.ts'
import { openAuthority, type Authority } from './authority.ts'
import { createConnectProxy } from './connect-proxy.ts'

/** Where something listens. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** Where a proxy listens and what its clients have to trust. */
export interface ProxyAddress {
  /** What goes into HTTPS_PROXY: `http://host:port`. */
  readonly proxyUrl: string
  readonly port: number
  /** The certificate (PEM) that clients have to trust, as `--ca-cert` takes it. */
  readonly caFile: string
}

/** The ways into an HTTP server that need certificates, which all come from one authority. */
export interface Doors {
  /** Listens with TLS for the server. Not more than once. */
  listenTls(at: Place & { readonly caFile?: string | undefined }): Promise<{ port: number; caFile: string }>
  listenProxy(at: Place & { readonly caFile?: string | undefined }): Promise<ProxyAddress>
  /** Ends what was opened, with all connections that came that way. */
  close(): Promise<void>
}

/** Makes the doors of a server, all closed as yet. */
export function createDoors(inner: HttpServer, stateDir: string | undefined): Doors {
  let opening: Promise<Authority> | undefined
  const opened: { readonly server: NetServer; readonly end: () => void }[] = []
  const authority = (): Promise<Authority> => {
    opening ??= openAuthority(stateDir)
    return opening
  }
  return {
    async listenTls({ host, port, caFile }) {
      const certificates = await authority()
      const { server, end } = await createTlsDoor(inner, host, certificates)
      opened.push({ server, end })
      return { port: await bind(server, host, port), caFile: certificates.publish(caFile) }
    },
    async listenProxy({ host, port, caFile }) {
      const certificates = await authority()
      const proxy = createConnectProxy(inner, certificates)
      opened.push({ server: proxy.http, end: proxy.close })
      const bound = await bind(proxy.http, host, port)
      return { proxyUrl: `http://${authorityOf(host, bound)}`, port: bound, caFile: certificates.publish(caFile) }
    },
    async close() {
      const gone = opened.map(({ server }) => unbind(server))
      for (const { end } of opened) end()
      await Promise.all(gone)
      const certificates = await opening
      certificates?.close()
    },
  }
}

const BUFFER_SIZE = 1 << 19

// Whoever comes by a name of the service, which some name server led here, sees a certificate for that name.
async function createTlsDoor(
  inner: HttpServer,
  host: string,
  authority: Authority,
): Promise<{ readonly server: NetServer; readonly end: () => void }> {
  const { certificate, key } = await authority.identityFor(host)
  const connections = new Set<{ destroy(): void }>()
  const options = {
    cert: certificate,
    key,
    noDelay: true,
    highWaterMark: BUFFER_SIZE,
    ALPNProtocols: ['http/1.1'],
    SNICallback(name: string, done: Done): void {
      const known = isServiceHost(name) || name === 'localhost'
      showCertificate(authority, known ? name : host, done)
    },
  }
  const server = createTlsServer(options, (socket) => inner.emit('connection', socket))
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  return { server, end: () => connections.forEach((socket) => socket.destroy()) }
}

type Done = (error: Error | null, context?: SecureContext) => void

function showCertificate(authority: Authority, host: string, done: Done): void {
  const shown = authority.contextFor(host)
  // oxlint-disable-next-line promise/no-callback-in-promise -- node:tls takes a callback
  shown.then((context) => done(null, context)).catch(done)
}
