import type { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'
import { createServer, type SecureContext } from 'node:tls'
import { isServiceHost } from '../hosts.ts'
import type { Authority } from './authority.ts'

/** A TLS server in front of another. */
export interface TlsDoor {
  readonly server: Server
  /** Ends all connections. */
  readonly end: () => void
}

const BUFFER_SIZE = 1 << 19

/**
 * Makes a TLS server, not yet listening, whose connections go to `inner`. It shows a certificate for `host`; whoever
 * comes by a name of the service, which some name server led here, sees one for that name.
 */
export async function createTlsDoor(inner: HttpServer, host: string, authority: Authority): Promise<TlsDoor> {
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
  const server = createServer(options, (socket) => inner.emit('connection', socket))
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
