import { randomInt } from 'node:crypto'
import { type RequestListener, type Server, createServer } from 'node:http'
import { type ServerOptions, createServer as createSecureServer } from 'node:https'
import { type Server as NetServer, type Socket, createServer as createSocketServer } from 'node:net'

/** A server on a free port of 127.0.0.1 for one test; disposing it ends its connections as well. */
export interface LocalServer extends AsyncDisposable {
  readonly port: number
  /** `http://127.0.0.1:port` */
  readonly origin: string
}

/** Answers HTTP with `handler`; `secure` makes it HTTPS. */
export async function serve(
  handler: RequestListener,
  secure?: ServerOptions,
): Promise<LocalServer & { readonly server: Server }> {
  const server = secure ? createSecureServer(secure, handler) : createServer(handler)
  const local = await listening(server, secure ? 'https' : 'http')
  return {
    ...local,
    server,
    async [Symbol.asyncDispose]() {
      const closing = local[Symbol.asyncDispose]()
      server.closeAllConnections()
      await closing
    },
  }
}

/** Gives every connection to `handler`, with no protocol on it. */
export async function serveSockets(handler: (socket: Socket) => void): Promise<LocalServer> {
  const sockets = new Set<Socket>()
  const server = createSocketServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    handler(socket)
  })
  const local = await listening(server, 'http')
  return {
    ...local,
    async [Symbol.asyncDispose]() {
      const closing = local[Symbol.asyncDispose]()
      for (const socket of sockets) socket.destroy()
      await closing
    },
  }
}

/**
 * A port of 127.0.0.1 on which nobody listens: one below those that the system gives to servers that take any, so that no
 * other test gets it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + randomInt(20_000)
    if (await isFree(port)) return port
  }
}

/** Whether a port of 127.0.0.1 can be listened on. */
export async function isFree(port: number): Promise<boolean> {
  const server = createSocketServer()
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
  })
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return listens
}

async function listening(server: NetServer, scheme: string): Promise<LocalServer> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  const { port } = address
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
      }),
  }
}
