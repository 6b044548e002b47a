import type { IncomingMessage } from 'node:http'

/** What becomes of a chunk: go on, go on once a promise is kept, or no more. */
export type Taken = boolean | Promise<void>

/**
 * Reads the body of a request as it arrives. `take` gets every chunk and answers whether to go on. Gives true if the
 * whole body arrived; false if the connection ended or `take` stopped, which drops the connection.
 */
export function receive(request: IncomingMessage, take: (chunk: Buffer) => Taken): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = (): void => {
      request.destroy()
      resolve(false)
    }
    request.on('data', (chunk: Buffer) => {
      if (request.destroyed) return
      const taken = take(chunk)
      if (taken === false) stop()
      if (typeof taken === 'boolean') return
      request.pause()
      taken.then(() => request.resume(), stop)
    })
    request.on('end', () => resolve(true))
    request.on('close', () => resolve(request.complete))
    request.on('error', () => resolve(false))
  })
}

const LONGEST_TEXT = 1 << 22

/** Reads a whole body as UTF-8; undefined if it did not arrive or is longer than `most` bytes. */
export async function receiveText(request: IncomingMessage, most = LONGEST_TEXT): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  const whole = await receive(request, (chunk) => {
    chunks.push(chunk)
    length += chunk.byteLength
    return length <= most
  })
  return whole ? Buffer.concat(chunks).toString() : undefined
}
