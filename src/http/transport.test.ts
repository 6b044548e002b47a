import { Buffer } from 'node:buffer'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { client, get } from '../../test/support/http-client.ts'
import { type LocalServer, freePort, serve, serveSockets } from '../../test/support/local-server.ts'
import { selfSigned } from '../../test/support/self-signed.ts'
import type { HttpSettings } from '../core/env.ts'
import { obscure } from '../options/obscure.ts'

const dir = mkdtempSync(join(tmpdir(), 'fjord-tls-'))
afterAll(() => rmSync(dir, { recursive: true }))
const { key, cert } = selfSigned('files.example')
const certFile = join(dir, 'ca.pem')
writeFileSync(certFile, cert)

async function ask(url: string, change: Partial<HttpSettings>): Promise<string> {
  await using http = client(change)
  return await (await http.request(get(url))).text()
}

describe('certificates', () => {
  test('one that nobody vouches for is refused at once, with what to do', async () => {
    let connections = 0
    await using server = await secureServer()
    server.server.on('connection', () => connections++)
    await expect(ask(server.origin, {})).rejects.toMatchObject({
      code: 'network',
      retry: 'no',
      effect: 'none',
      details: { hint: expect.stringContaining('--ca-cert') },
    })
    expect(connections).toBe(1)
  })

  test.each([
    ['--no-check-certificate', { insecure: true }],
    ['--ca-cert', { caCerts: [certFile] }],
    ['SSL_CERT_FILE', { environment: { SSL_CERT_FILE: certFile } }],
    ['SSL_CERT_DIR', { environment: { SSL_CERT_DIR: `/nowhere:${dir}` } }],
  ])('%s makes it good', async (_, change) => {
    await using server = await secureServer()
    expect(await ask(server.origin, change)).toBe('secret')
  })

  test('a file that is not there is told', async () => {
    const missing = join(dir, 'missing.pem')
    await expect(ask('https://127.0.0.1:1/', { caCerts: [missing] })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(missing),
    })
  })

  test('a client certificate is shown', async () => {
    const keyFile = join(dir, 'key.pem')
    writeFileSync(keyFile, key)
    await using server = await serve((_, response) => response.end('known'), {
      key,
      cert,
      ca: cert,
      requestCert: true,
      rejectUnauthorized: true,
    })
    const change = { insecure: true, clientCert: certFile, clientKey: keyFile }
    expect(await ask(server.origin, change)).toBe('known')
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'geheim', type: 'pkcs8', format: 'pem' } as const
    writeFileSync(keyFile, createPrivateKey(key).export(cipher))
    expect(await ask(server.origin, { ...change, clientPass: obscure('geheim') })).toBe('known')
    await expect(ask(server.origin, { ...change, clientPass: 'geheim' })).rejects.toThrow('--client-pass: ')
    await expect(ask(server.origin, change)).rejects.toMatchObject({
      code: 'config',
      details: { hint: expect.stringContaining('--client-pass') },
    })
    await expect(ask(server.origin, { insecure: true, attempts: 1 })).rejects.toMatchObject({ code: 'network' })
  })
})

describe('a proxy', () => {
  test('gets a tunnel for https, in which the certificate of the host counts', async () => {
    const seen: string[] = []
    await using server = await serve((_, response) => response.end('secret'), { key, cert })
    await using proxy = await proxyTo(server.port, seen)
    const environment = { HTTPS_PROXY: proxy.origin }
    expect(await ask('https://files.example/x', { environment, caCerts: [certFile] })).toBe('secret')
    expect(seen).toEqual(['CONNECT files.example:443'])
    await expect(ask('https://other.example/x', { environment, caCerts: [certFile] })).rejects.toMatchObject({
      code: 'network',
      retry: 'no',
      effect: 'none',
    })
  })

  test('gets whole URLs and its credentials for http', async () => {
    const seen: string[] = []
    await using proxy = await proxyTo(0, seen)
    const environment = { http_proxy: proxy.origin.replace('//', '//u:p@') }
    expect(await ask('http://files.example/x?y', { environment })).toBe('plain')
    expect(seen).toEqual(['GET http://files.example/x?y Basic dTpw'])
  })

  test('is not asked for loopback', async () => {
    const seen: string[] = []
    await using server = await serve((_, response) => response.end('straight'))
    await using proxy = await proxyTo(0, seen)
    expect(await ask(server.origin, { environment: { HTTP_PROXY: proxy.origin } })).toBe('straight')
    expect(seen).toEqual([])
  })

  test('of --http-proxy is for everything, loopback too', async () => {
    const seen: string[] = []
    await using server = await serve((_, response) => response.end('straight'))
    await using proxy = await proxyTo(server.port, seen)
    expect(await ask(`${server.origin}/x`, { proxy: proxy.origin, environment: { NO_PROXY: '*' } })).toBe('plain')
    expect(seen).toEqual([`GET ${server.origin}/x `])
    await expect(ask('http://a.example/', { proxy: 'x://y' })).rejects.toMatchObject({ code: 'config' })
  })

  test('that cannot be reached, or does not reach the host, means that nothing was sent', async () => {
    const failure = { code: 'network', effect: 'none', retry: 'given-up' }
    const dead = { HTTPS_PROXY: `http://127.0.0.1:${await freePort()}` }
    await expect(ask('https://files.example/', { environment: dead })).rejects.toMatchObject(failure)
    const seen: string[] = []
    await using proxy = await proxyTo(await freePort(), seen)
    const environment = { HTTPS_PROXY: proxy.origin }
    await expect(ask('https://files.example/', { environment })).rejects.toMatchObject(failure)
    expect(seen).toHaveLength(3)
  })
})

describe('a SOCKS proxy', () => {
  test('is told the name of the host', async () => {
    const seen: string[] = []
    await using server = await serve((_, response) => response.end('secret'), { key, cert })
    await using proxy = await socksTo(server.port, seen)
    const environment = { HTTPS_PROXY: proxy.origin.replace('http', 'socks5') }
    expect(await ask('https://files.example/x', { environment, caCerts: [certFile] })).toBe('secret')
    expect(seen).toEqual(['files.example'])
  })
})

test.each([
  [false, 1],
  [true, 3],
])('connections are closed after one request: %s, so that three make %i', async (closeConnections, expected) => {
  let connections = 0
  await using server = await serve((_, response) => response.end('x'))
  server.server.on('connection', () => connections++)
  await using http = client({ closeConnections })
  for (const _ of [1, 2, 3]) expect(await (await http.request(get(server.origin))).text()).toBe('x')
  expect(connections).toBe(expected)
})

describe('--bind', () => {
  test('connections come from the address given', async () => {
    await using server = await serve((request, response) => response.end(request.socket.remoteAddress))
    expect(await ask(server.origin, { bind: '127.0.0.1' })).toBe('127.0.0.1')
  })

  test('an address of another computer is told, once', async () => {
    await using server = await serve((_, response) => response.end())
    await expect(ask(server.origin, { bind: '192.0.2.7' })).rejects.toMatchObject({
      retry: 'no',
      details: { hint: expect.stringContaining('--bind') },
    })
  })
})

/** Sends everything to `target`, whatever name was asked for. */
async function proxyTo(target: number, seen: string[]): Promise<LocalServer> {
  const proxy = await serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`)
    response.end('plain')
  })
  proxy.server.on('connect', (request, socket: Socket) => {
    seen.push(`CONNECT ${request.url}`)
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(upstream).pipe(socket)
    })
    upstream.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    socket.on('error', () => upstream.destroy())
  })
  return proxy
}

function secureServer(): ReturnType<typeof serve> {
  return serve((_, response) => response.end('secret'), { key, cert })
}

/** A SOCKS5 proxy without login that sends everything to `target`. */
function socksTo(target: number, seen: string[]): Promise<LocalServer> {
  return serveSockets((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.of(5, 0))
      socket.once('data', (request: Buffer) => {
        seen.push(request.subarray(5, 5 + (request[4] ?? 0)).toString())
        const upstream = connect(target, '127.0.0.1', () => {
          socket.write(Buffer.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 80))
          socket.pipe(upstream).pipe(socket)
        })
        upstream.on('error', () => socket.destroy())
      })
    })
  })
}
