import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Store } from '../state/store.ts'
import { readToken, signToken } from '../state/tokens.ts'
import { eventsOf, type Happening } from './event-of.ts'

/** The stream of changes over a websocket (docs/protocol.md §3.7). */
export interface EventStream {
  /** A token that opens the stream, good for so many seconds. */
  createToken(lifetime: number): string
  /** Answers a request to change to the websocket protocol; one without a good token is refused. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** Ends all connections. */
  close(): void
}

const TOKEN_TYPE = 'Events'
const LONGEST_FRAME = 1 << 16

/** Makes the stream of a store, without listeners at first. */
export function createEventStream(store: Store): EventStream {
  const open = new Set<WebSocket>()
  const subscribed = new Set<WebSocket>()
  let lastUuid = randomUUID()
  let isStale = false
  store.watch((change) => {
    // Nobody is listening: it only counts that something happened since.
    if (subscribed.size === 0) {
      isStale = true
      return undefined
    }
    const events = eventsOf(store.world, change)
    return () => {
      for (const event of events()) {
        lastUuid = randomUUID()
        const frame = frameOf(store, event, lastUuid)
        for (const socket of subscribed) socket.send(frame)
      }
    }
  })
  const onMessage = (socket: WebSocket, text: string): void => {
    const message = parse(text)
    if (message === 'PING' || 'PING' in Object(message)) socket.send(JSON.stringify({ PONG: 'ok' }))
    if (!('SUBSCRIBE' in Object(message))) return
    if (isStale) lastUuid = randomUUID()
    isStale = false
    subscribed.add(socket)
    socket.send(JSON.stringify({ SUBSCRIBE: { PATH: 'ALL', LAST_UUID: lastUuid } }))
  }
  return {
    createToken(lifetime) {
      const { username, secret } = store.world
      return signToken({ typ: TOKEN_TYPE, username, exp: Math.floor(store.now() / 1000) + lifetime }, secret)
    },
    async accept(request, socket, head) {
      socket.on('error', () => socket.destroy())
      if (!isAllowed(store, request)) return refuse(socket)
      const { WebSocketServer } = await import('ws')
      const server = new WebSocketServer({ noServer: true, maxPayload: LONGEST_FRAME })
      server.handleUpgrade(request, socket, head, (webSocket) => {
        open.add(webSocket)
        webSocket.on('message', (data: Buffer) => onMessage(webSocket, data.toString()))
        webSocket.on('error', () => webSocket.terminate())
        webSocket.on('close', () => {
          open.delete(webSocket)
          subscribed.delete(webSocket)
        })
      })
    },
    close() {
      for (const socket of open) socket.terminate()
    },
  }
}

function isAllowed(store: Store, request: IncomingMessage): boolean {
  const [, kind, user = '', token = ''] = (request.url ?? '').split('/')
  const claims = readToken(token, store.world.secret)
  if (kind !== 'ws' || claims?.typ !== TOKEN_TYPE || claims.username !== store.world.username) return false
  return store.world.fold(user) === store.world.fold(claims.username) && (claims.exp ?? 0) * 1000 > store.now()
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function frameOf(store: Store, { ST, D }: Happening, uuid: string): string {
  const now = store.now()
  const { username } = store.world
  const event = { U: username, A: 'JFS', T: 'PATH', ST, TS: now, D, uuid, unixnano: now * 1_000_000 }
  return JSON.stringify({ EVENT: event, Length: JSON.stringify(event).length })
}
