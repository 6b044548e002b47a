import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { client, failureOf, get } from '../../test/support/http-client.ts'
import { serve, serveSockets } from '../../test/support/local-server.ts'
import { sleep } from '../util/async.ts'

describe('time-outs and cut connections', () => {
  test('a server that says nothing is a timeout', async () => {
    await using server = await serve(() => undefined)
    await using http = client({ idleTimeout: 150, attempts: 2 })
    const error = await failureOf(http.request(get(server.origin)))
    expect(error).toMatchObject({ code: 'timeout', retry: 'given-up' })
    expect(error.message).toContain('silent for 0.15 s')
  })

  test('a body that stops is a timeout, to be asked for later', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('12345')
    })
    await using http = client({ idleTimeout: 500 })
    const response = await http.request(get(server.origin))
    expect(await failureOf(response.text())).toMatchObject({ code: 'timeout', retry: 'later', effect: 'none' })
  })

  test('a slow reader is no timeout', async () => {
    const size = 4 * 1024 * 1024
    await using server = await serve((_, response) => response.end(Buffer.alloc(size)))
    await using http = client({ idleTimeout: 2000 })
    const response = await http.request(get(server.origin))
    let length = 0
    for await (const chunk of response.body) {
      if (length === 0) await sleep(4000)
      length += chunk.length
    }
    expect(length).toBe(size)
  })

  test.each([
    ['of known length', { 'content-length': '10' }],
    ['in chunks', {}],
  ])('a body %s that is cut is a network error with the bytes before it handed over', async (_, headers) => {
    await using server = await serve((request, response) => {
      response.writeHead(200, headers).write('12345')
      setTimeout(() => request.socket.destroy(), 50)
    })
    await using http = client()
    const response = await http.request(get(server.origin))
    let text = ''
    const reading = (async () => {
      for await (const chunk of response.body) text += Buffer.from(chunk).toString()
    })()
    expect(await failureOf(reading)).toMatchObject({ code: 'network', retry: 'later' })
    expect(text).toBe('12345')
  })

  test('an answer that is no HTTP is a network error', async () => {
    await using server = await serveSockets((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n')))
    await using http = client({ attempts: 1 })
    expect(await failureOf(http.request(get(server.origin)))).toMatchObject({ code: 'network' })
  })

  test('the connect time-out ends an attempt', async () => {
    await using http = client({ connectTimeout: 100, attempts: 1 })
    // 192.0.2.0/24 is for documentation: nobody answers there, or the route is refused at once.
    const error = await failureOf(http.request(get('http://192.0.2.1:81/')))
    expect(error).toMatchObject({ effect: 'none' })
    expect(['timeout', 'network']).toContain(error.code)
  })
})
