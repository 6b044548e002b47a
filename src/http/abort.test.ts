import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { bytes, client, get } from '../../test/support/http-client.ts'
import { serve, serveSockets } from '../../test/support/local-server.ts'

describe('an abort', () => {
  const reason = new Error('stop')

  async function aborted(run: (signal: AbortSignal) => Promise<unknown>, after = 50): Promise<void> {
    const controller = new AbortController()
    const start = performance.now()
    const timer = setTimeout(() => controller.abort(reason), after)
    try {
      await expect(run(controller.signal)).rejects.toBe(reason)
      expect(performance.now() - start).toBeLessThan(10_000)
    } finally {
      clearTimeout(timer)
    }
    await expect.poll(() => getEventListeners(controller.signal, 'abort')).toEqual([])
  }

  test('before the request begins', async () => {
    await using http = client()
    await expect(http.request(get('http://127.0.0.1:1/', { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
  })

  test('while the connection is made', async () => {
    await using http = client({ connectTimeout: 0, attempts: 1000 })
    await aborted((signal) => http.request(get('http://127.0.0.1:1/', { signal })))
    await using mute = await serveSockets(() => undefined)
    await using secure = client({ insecure: true })
    await aborted((signal) => secure.request(get(mute.origin.replace('http:', 'https:'), { signal })))
  })

  test('while headers are awaited', async () => {
    await using server = await serve(() => undefined)
    await using http = client()
    await aborted((signal) => http.request(get(server.origin, { signal })))
  })

  test('while the body is sent, which lets the source go', async () => {
    await using server = await serve(() => undefined)
    await using http = client()
    let released = false
    async function* stream(): AsyncGenerator<Uint8Array> {
      try {
        yield* bytes(1 << 30, 1 << 20)
      } finally {
        released = true
      }
    }
    const body = { length: 1 << 30, stream }
    await aborted((signal) => http.request(get(server.origin, { method: 'POST', body, signal })))
    expect(released).toBe(true)
  })

  test('while the body is received', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('12345')
    })
    await using http = client()
    await aborted(async (signal) => (await http.request(get(server.origin, { signal }))).text())
    await aborted(async (signal) => (await http.request(get(server.origin, { signal }))).discard())
  })

  test('while a retry is waited for', async () => {
    await using server = await serve((_, response) => response.writeHead(503, { 'retry-after': '60' }).end())
    await using http = client()
    await aborted((signal) => http.request(get(server.origin, { signal })))
  })

  test('with a reason that is no error passes through as well', async () => {
    await using server = await serve(() => undefined)
    await using http = client()
    const controller = new AbortController()
    setTimeout(() => controller.abort('enough'), 30)
    await expect(http.request(get(server.origin, { signal: controller.signal }))).rejects.toBe('enough')
  })

  test('that never comes leaves no listeners behind', async () => {
    await using server = await serve((_, response) => response.end('x'))
    await using http = client()
    const { signal } = new AbortController()
    await Promise.all(
      Array.from({ length: 50 }, async () => (await http.request(get(server.origin, { signal }))).text()),
    )
    await (await http.request(get(server.origin, { signal }))).discard()
    await expect.poll(() => getEventListeners(signal, 'abort')).toEqual([])
  })
})
