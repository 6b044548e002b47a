import { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'

/** A server that listens. */
export interface BoundServer {
  readonly server: Server
  /** `http://host:port`, without a slash at the end. */
  readonly url: string
  readonly port: number
}

/** Where to listen; port 0 is any free one. */
export interface Place {
  readonly host: string
  readonly port: number
}

/**
 * Starts to listen.
 * @throws Error that names the address if it cannot be listened on, as when the port is taken
 */
export function bind(server: Server, { host, port }: Place): Promise<BoundServer> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const why = error.code === 'EADDRINUSE' ? 'another program has it: choose another port' : error.message
      reject(new Error(`Cannot listen on port ${port} of ${host}: ${why}`, { cause: error }))
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('the server has no port'))
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
      resolve({ server, url, port: address.port })
    })
  })
}

/** Stops to listen and ends all connections that came to an HTTP server; of another one they are the caller's to end. */
export function stop({ server }: BoundServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if (server instanceof HttpServer) server.closeAllConnections()
  })
}
