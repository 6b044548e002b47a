import type { ServerResponse } from 'node:http'
import type { Tally } from './counters.ts'
import { cutOf, damageOf, type Cut, type FaultAction } from './fault-action.ts'

/** Headers of an answer. */
export type Headers = Record<string, string | number>

/** An answer on its way out. */
export interface Outgoing {
  readonly status: number
  readonly headers: Headers
  readonly chunks: Iterable<Uint8Array>
  readonly tally: Tally
  readonly action: FaultAction | undefined
}

/** Sends an answer, at the pace of the client, and does what a fault does to it on the way. */
export async function send(response: ServerResponse, outgoing: Outgoing): Promise<void> {
  const { action, tally, status } = outgoing
  if (action !== undefined && 'effectThenReset' in action) return void response.socket?.destroy()
  const cut = cutOf(action, 'response-body')
  response.writeHead(status, shortened(outgoing.headers, cut))
  let left = cut?.after ?? Infinity
  if (left === 0 && cut !== undefined) return cutShort(response, new Uint8Array(0), cut)
  const damaged = damageOf(action, 'response-body')
  for (const chunk of outgoing.chunks) {
    if (response.destroyed) return
    const whole = damaged(chunk)
    const bytes = whole.byteLength >= left ? whole.subarray(0, left) : whole
    left -= bytes.byteLength
    tally.sent(bytes.byteLength)
    if (left <= 0 && cut !== undefined) return cutShort(response, bytes, cut)
    if (!response.write(bytes)) await drained(response)
  }
  const { socket } = response
  if (action !== undefined && 'reset' in action && action.reset === 'after') response.end(() => socket?.destroy())
  else response.end()
}

function shortened(headers: Headers, cut: Cut | undefined): Headers {
  const length = headers['Content-Length']
  if (cut?.how !== 'end' || typeof length !== 'number') return headers
  return { ...headers, 'Content-Length': Math.min(length, cut.after) }
}

// Destroying at once would lose what is still in the buffers.
function cutShort(response: ServerResponse, last: Uint8Array, { how }: Cut): Promise<void> {
  if (how === 'end') {
    response.end(last)
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    if (last.byteLength === 0) response.flushHeaders()
    response.write(last, () => {
      if (how === 'reset') response.socket?.destroy()
      resolve()
    })
  })
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}
