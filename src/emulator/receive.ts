import type { IncomingMessage } from 'node:http'

/**
 * Reads the body of a request as it arrives. `take` gets every chunk and answers whether to go on. Gives true if the
 * whole body arrived; false if the connection ended or `take` stopped, which drops the connection.
 */
export function receive(request: IncomingMessage, take: (chunk: Buffer) => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      if (request.destroyed || take(chunk)) return
      request.destroy()
      resolve(false)
    })
    request.on('end', () => resolve(true))
    request.on('close', () => resolve(request.complete))
    request.on('error', () => resolve(false))
  })
}

const LONGEST_TEXT = 1 << 22

/** Reads a whole body as UTF-8; undefined if it did not arrive or is beyond all measure. */
export async function receiveText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  const whole = await receive(request, (chunk) => {
    chunks.push(chunk)
    length += chunk.byteLength
    return length <= LONGEST_TEXT
  })
  return whole ? Buffer.concat(chunks).toString() : undefined
}
