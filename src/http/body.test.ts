import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { bytes, client, failureOf, get } from '../../test/support/http-client.ts'
import { serve } from '../../test/support/local-server.ts'
import { StorageError } from '../core/errors.ts'
import { collect } from '../core/stream.ts'

describe('bodies', () => {
  test('100 MiB from a generator pass in order, with few of them under way at any time', async () => {
    const size = 100 * 1024 * 1024
    let received = 0
    let ordered = true
    await using server = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => {
        ordered &&= chunk[0] === (received >> 10) % 251 || (received & 1023) !== 0
        received += chunk.length
      })
      request.on('end', () => response.end(String(received)))
    })
    await using http = client()
    let ahead = 0
    async function* stream(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < size; at += 1 << 20) {
        const chunk = Buffer.allocUnsafe(1 << 20)
        for (let i = 0; i < 1024; i++) chunk.fill(((at >> 10) + i) % 251, i << 10, (i + 1) << 10)
        ahead = Math.max(ahead, at - received)
        yield await Promise.resolve(chunk)
      }
    }
    const response = await http.request(get(server.origin, { method: 'POST', body: { length: size, stream } }))
    expect(await response.text()).toBe(String(size))
    expect(ordered).toBe(true)
    expect(ahead).toBeLessThan(16 * 1024 * 1024)
  })

  test('chunks given to the caller stay as they were', async () => {
    const size = 8 * 1024 * 1024
    const whole = Buffer.alloc(size, 'abcdefghijklmnopqrstuvwxyz-')
    await using server = await serve((_, response) => response.end(whole))
    await using http = client()
    const chunks: Uint8Array[] = []
    for await (const chunk of (await http.request(get(server.origin))).body) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(whole)).toBe(true)
  })

  test('an error of the source passes through as it is and is not repeated', async () => {
    let made = 0
    await using server = await serve((request) => request.resume())
    await using http = client()
    const failure = new StorageError('changed', 'the file changed', { retry: 'later' })
    const body = {
      length: 10,
      async *stream(): AsyncGenerator<Uint8Array> {
        made++
        yield await Promise.resolve(Buffer.from('12345'))
        throw failure
      },
    }
    await expect(http.request(get(server.origin, { method: 'POST', body }))).rejects.toBe(failure)
    expect(made).toBe(1)
  })

  test.each([
    [4, 5],
    [6, 5],
  ])('a source of %d bytes that promised %d has changed', async (real, promised) => {
    await using server = await serve((request, response) => {
      request.resume().on('end', () => response.end())
    })
    await using http = client({ attempts: 1 })
    const body = { length: promised, stream: () => bytes(real) }
    const error = await failureOf(http.request(get(server.origin, { method: 'POST', body, repeatable: false })))
    expect(error.code).toBe('changed')
  })

  test('an answer before the body is sent is an answer, and the source is let go', async () => {
    await using server = await serve((_, response) => response.writeHead(409, { connection: 'close' }).end('no'))
    await using http = client()
    let released = false
    const size = 64 * 1024 * 1024
    async function* stream(): AsyncGenerator<Uint8Array> {
      try {
        yield* bytes(size, 1 << 20)
      } finally {
        released = true
      }
    }
    const request = get(server.origin, { method: 'POST', body: { length: size, stream } })
    const response = await http.request(request)
    expect([response.status, await response.text()]).toEqual([409, 'no'])
    await expect.poll(() => released).toBe(true)
  })

  test('a body left early closes its connection and nothing else', async () => {
    await using server = await serve((_, response) => response.end(Buffer.alloc(8 << 20)))
    await using http = client()
    for await (const chunk of (await http.request(get(server.origin))).body) if (chunk.length > 0) break
    expect((await collect((await http.request(get(server.origin))).body)).length).toBe(8 << 20)
  })
})
