import { describe, expect, test } from 'vitest'
import { bytes, client, failureOf, get } from '../../test/support/http-client.ts'
import { serve } from '../../test/support/local-server.ts'

describe('one request', () => {
  test('carries the agent, the added headers and the path as it was written', async () => {
    const seen: unknown[] = []
    await using server = await serve((request, response) => {
      seen.push(request.url, request.headers)
      response.setHeader('X-Answer', 'yes').end('hello')
    })
    const headersOf = { list: [['X-List', '2']], upload: [['X-Up', '3']] } as const
    await using http = client({ headers: [['X-Extra', '1']], headersOf })
    const response = await http.request(
      get(`${server.origin}/a/%2e/b;c?mode=list`, { headers: { Range: 'bytes=0-1' } }),
    )
    expect([response.status, response.header('x-answer'), await response.text()]).toEqual([200, 'yes', 'hello'])
    expect(seen[0]).toBe('/a/%2e/b;c?mode=list')
    expect(seen[1]).not.toHaveProperty('x-up')
    expect(seen[1]).toMatchObject({ 'user-agent': 'fjord/test', 'x-extra': '1', 'x-list': '2', range: 'bytes=0-1' })
    expect(seen[1]).not.toHaveProperty('accept-encoding')
  })

  test('a POST without a body says Content-Length 0 and no type', async () => {
    await using server = await serve((request, response) => response.end(JSON.stringify(request.headers)))
    await using http = client()
    const response = await http.request(get(server.origin, { method: 'POST' }))
    const headers: unknown = JSON.parse(await response.text())
    expect(headers).toMatchObject({ 'content-length': '0' })
    expect(headers).not.toHaveProperty('content-type')
  })

  test('an empty stream is sent as a body of no bytes', async () => {
    await using server = await serve((request, response) => response.end(request.headers['content-length']))
    await using http = client()
    const body = { length: 0, stream: () => bytes(0) }
    const response = await http.request(get(server.origin, { method: 'POST', body }))
    expect(await response.text()).toBe('0')
  })

  test('connections are kept: many requests one after the other need one', async () => {
    let connections = 0
    await using server = await serve((_, response) => response.end('x'))
    server.server.on('connection', () => connections++)
    await using http = client()
    for (let i = 0; i < 10; i++) await (await http.request(get(server.origin))).discard()
    expect(connections).toBe(1)
  })

  test('text stops above its limit', async () => {
    await using server = await serve((_, response) => response.end('x'.repeat(100)))
    await using http = client()
    const response = await http.request(get(server.origin))
    expect(await failureOf(response.text(99))).toMatchObject({ code: 'protocol' })
  })

  test('a URL that is none is told as what it is', async () => {
    await using http = client()
    expect(await failureOf(http.request(get('ftp://x/y')))).toMatchObject({ code: 'protocol' })
  })
})

test('a closed client refuses', async () => {
  const http = client()
  await http.close()
  expect(await failureOf(http.request(get('http://127.0.0.1:1/')))).toMatchObject({ code: 'network', effect: 'none' })
})
