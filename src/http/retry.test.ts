import type { Buffer } from 'node:buffer'
import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { bytes, client, failureOf, get } from '../../test/support/http-client.ts'
import { freePort, serve, serveSockets } from '../../test/support/local-server.ts'
import type { LogRecord, Logger } from '../core/context.ts'
import { sleep } from '../util/async.ts'

describe('retries', () => {
  test('a repeatable request is repeated after 500 and gets the next answer', async () => {
    let count = 0
    await using server = await serve((_, response) => {
      response.statusCode = ++count < 3 ? 500 : 200
      response.end()
    })
    const log = recorder()
    await using http = client({}, log)
    expect((await http.request(get(server.origin))).status).toBe(200)
    expect(log.lines).toEqual([
      'DEBUG: Received error: list: HTTP status 500 - low level retry 1/3',
      'DEBUG: Received error: list: HTTP status 500 - low level retry 2/3',
    ])
  })

  test.each([429, 500, 502, 503, 504, 509])('status %d that stays is a response after all attempts', async (status) => {
    let count = 0
    await using server = await serve((_, response) => {
      count++
      response.writeHead(status).end('why')
    })
    await using http = client()
    const response = await http.request(get(server.origin))
    expect([response.status, await response.text(), count]).toEqual([status, 'why', 3])
  })

  test.each([400, 401, 404, 409, 420])('status %d is not repeated', async (status) => {
    let count = 0
    await using server = await serve((_, response) => {
      count++
      response.writeHead(status).end()
    })
    await using http = client()
    expect((await http.request(get(server.origin))).status).toBe(status)
    expect(count).toBe(1)
  })

  test('a request that is not repeatable gets its first status', async () => {
    let count = 0
    await using server = await serve((_, response) => {
      count++
      response.writeHead(503).end()
    })
    await using http = client()
    expect((await http.request(get(server.origin, { method: 'POST', repeatable: false }))).status).toBe(503)
    expect(count).toBe(1)
  })

  test('one that is not repeatable and lost its connection has an unknown effect and is not repeated', async () => {
    let count = 0
    await using server = await serveSockets((socket) => {
      count++
      socket.once('data', () => socket.destroy())
    })
    await using http = client()
    const error = await failureOf(http.request(get(server.origin, { method: 'POST', repeatable: false })))
    expect(error).toMatchObject({ code: 'network', effect: 'unknown', retry: 'later' })
    expect(count).toBe(1)
  })

  test('a repeatable one that loses every connection is given up', async () => {
    let count = 0
    await using server = await serveSockets((socket) => {
      count++
      socket.once('data', () => socket.destroy())
    })
    await using http = client()
    const error = await failureOf(http.request(get(`${server.origin}/x?auth_token=secret&mode=list`)))
    expect(error).toMatchObject({ code: 'network', effect: 'none', retry: 'given-up' })
    expect(error.message).toContain(`list: GET ${server.origin}/x?auth_token=XXXX&mode=list: `)
    expect(error.message).toContain('(3 attempts)')
    expect(count).toBe(3)
  })

  test('a refused connection is tried again even for a request that is not repeatable', async () => {
    const port = await freePort()
    await using http = client({ attempts: 20 })
    const request = get(`http://127.0.0.1:${port}/`, { method: 'POST', repeatable: false })
    const pending = http.request(request)
    await sleep(15)
    const late = createServer((_, response) => response.end('late'))
    late.listen(port, '127.0.0.1')
    expect(await (await pending).text()).toBe('late')
    late.close()
    late.closeAllConnections()
  })

  test('a connection that is refused for good names the address and has no effect', async () => {
    const port = await freePort()
    await using http = client({ attempts: 2 })
    const error = await failureOf(http.request(get(`http://127.0.0.1:${port}/`, { method: 'POST', repeatable: false })))
    expect(error).toMatchObject({ code: 'network', effect: 'none', retry: 'given-up' })
    expect(error.message).toContain(`ECONNREFUSED 127.0.0.1:${port}`)
    expect(error.details).toMatchObject({ system: 'ECONNREFUSED', operation: 'list' })
    expect(error.details.hint).toBeTruthy()
  })

  test('a header that cannot be sent is no matter of the network, nor is it tried again', async () => {
    await using http = client({ attempts: 2 })
    const error = await failureOf(http.request(get('http://127.0.0.1:1/', { headers: { authorization: 'a\nb' } })))
    expect(error).toMatchObject({ code: 'invalid-argument', retry: 'no' })
    expect(error.message).not.toContain('a\nb')
    expect(error.details.hint).toBeUndefined()
  })

  test('the body of each attempt is made anew', async () => {
    const bodies: string[] = []
    await using server = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      request.on('end', () => response.writeHead(bodies.push(body) < 2 ? 502 : 200).end())
    })
    await using http = client()
    const body = { length: 6, stream: () => bytes(6, 2) }
    expect((await http.request(get(server.origin, { method: 'POST', body }))).status).toBe(200)
    expect(bodies).toEqual(['aaaaaa', 'aaaaaa'])
  })

  test('Retry-After is waited for, by other requests to the host too', async () => {
    let count = 0
    await using server = await serve((_, response) => {
      if (++count === 1) response.setHeader('Retry-After', '1').writeHead(429)
      response.end()
    })
    await using http = client()
    const start = performance.now()
    const first = http.request(get(server.origin))
    await sleep(100)
    const answers = await Promise.all([first, http.request(get(server.origin))])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(performance.now() - start).toBeGreaterThan(950)
  })
})

function recorder(): Logger & { readonly lines: string[] } {
  const lines: string[] = []
  return { lines, enabled: () => true, log: (record: LogRecord) => lines.push(`${record.level}: ${record.text}`) }
}
