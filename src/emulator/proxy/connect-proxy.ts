import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { isServiceHost } from '../hosts.ts'
import type { Authority } from './authority.ts'

/** An HTTP proxy that leads to nowhere but the emulator. */
export interface ConnectProxy {
  readonly http: Server
  /** Ends all connections, also those inside tunnels. */
  readonly close: () => void
}

const BUFFER_SIZE = 1 << 19
const HANDSHAKE_MS = 30_000

/**
 * Makes a proxy, not yet listening, that answers for the hosts of the service: CONNECT gets TLS with a certificate of
 * the authority, and what comes through it goes to `inner` as a connection of its own; plain requests for these hosts
 * go to `inner` as they are. Anything else is refused with 403 and a reason.
 */
export function createConnectProxy(inner: Server, authority: Authority): ConnectProxy {
  const http = createServer({ highWaterMark: BUFFER_SIZE })
  const tunnels = new Set<Duplex>()
  http.on('connect', (request, socket, head) => {
    tunnels.add(socket)
    socket.once('close', () => tunnels.delete(socket))
    socket.on('error', () => socket.destroy())
    openTunnel({ inner, authority, request, socket, head }).catch(() => socket.destroy())
  })
  http.on('request', (request, response) => answerPlain(inner, request, response))
  return {
    http,
    close() {
      for (const socket of tunnels) socket.destroy()
      http.closeAllConnections()
    },
  }
}

interface Tunnel {
  readonly inner: Server
  readonly authority: Authority
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

async function openTunnel({ inner, authority, request, socket, head }: Tunnel): Promise<void> {
  const target = request.url ?? ''
  const [, host = '', port = ''] = /^([^:]+):(\d+)$/.exec(target.toLowerCase()) ?? []
  if (!isServiceHost(host) || port !== '443' || !(socket instanceof Socket)) {
    const reason = `This proxy leads to the hosts of Jottacloud on port 443 only, not to ${target}\n`
    const lines = ['HTTP/1.1 403 Forbidden', 'Content-Type: text/plain', `Content-Length: ${Buffer.byteLength(reason)}`]
    socket.end([...lines, 'Connection: close', '', reason].join('\r\n'))
    return
  }
  const secureContext = await authority.contextFor(host)
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
  if (head.byteLength > 0) socket.unshift(head)
  const options = { isServer: true, secureContext, ALPNProtocols: ['http/1.1'], highWaterMark: BUFFER_SIZE }
  const secured = new TLSSocket(socket, options)
  // A client that does not trust the certificate goes away in the middle.
  secured.on('error', () => secured.destroy())
  secured.setTimeout(HANDSHAKE_MS, () => secured.destroy())
  secured.once('secure', () => {
    secured.setTimeout(0)
    inner.emit('connection', secured)
  })
}

function answerPlain(inner: Server, request: IncomingMessage, response: ServerResponse): void {
  const target = request.url ?? ''
  const url = /^http:\/\//i.test(target) && URL.canParse(target) ? new URL(target) : undefined
  if (url === undefined || !isServiceHost(url.hostname) || url.port !== '') {
    request.resume()
    response.writeHead(403, { 'Content-Type': 'text/plain' })
    response.end(`This is a proxy that leads to the hosts of Jottacloud only, not to ${target}\n`)
    return
  }
  request.headers.host = url.hostname
  // Taken from the text: URL would change the spelling of the path.
  const path = target.slice('http://'.length + target.slice('http://'.length).search(/[/?]|$/))
  request.url = path.startsWith('/') ? path : `/${path}`
  inner.emit('request', request, response)
}
