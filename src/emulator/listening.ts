import type { Server } from 'node:http'

/** A server that listens. */
export interface BoundServer {
  readonly http: Server
  /** `http://host:port`, without a slash at the end. */
  readonly url: string
  readonly port: number
}

/**
 * Starts to listen.
 * @throws Error that names the address if it cannot be listened on, as when the port is taken
 */
export function bind(http: Server, { host, port }: { host: string; port: number }): Promise<BoundServer> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const why = error.code === 'EADDRINUSE' ? 'another program has it: choose another port' : error.message
      reject(new Error(`Cannot listen on port ${port} of ${host}: ${why}`, { cause: error }))
    }
    http.once('error', fail)
    http.listen(port, host, () => {
      http.off('error', fail)
      const address = http.address()
      if (address === null || typeof address === 'string') return reject(new Error('the server has no port'))
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
      resolve({ http, url, port: address.port })
    })
  })
}

/** Stops to listen and ends all connections. */
export function stop({ http }: BoundServer): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}
