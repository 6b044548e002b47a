import * as fs from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions, type ProxyAddress } from '../index.ts'
import { md5, parse, readLoginToken } from '../signed-in.ts'

let folder: string
const running: Emulator[] = []

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'emulator-proxy-'))
})

afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close()
  fs.rmSync(folder, { recursive: true })
})

async function start(options: EmulatorOptions = {}): Promise<{ emulator: Emulator; proxy: ProxyAddress }> {
  const emulator = createEmulator(options)
  running.push(emulator)
  return { emulator, proxy: await emulator.listenProxy() }
}

interface Answer {
  readonly status: number
  readonly text: string
}

/** Opens a tunnel and checks the certificate in it, as any client does. */
function tunnel(proxy: ProxyAddress, host: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(proxy.proxyUrl, { method: 'CONNECT', path: `${host}:443`, agent: false })
    request.once('connect', (response, socket) => {
      if (response.statusCode !== 200) return reject(new Error(String(response.statusCode)))
      const ca = fs.readFileSync(proxy.caFile)
      const secured = connectTls({ socket, servername: host, ca, ALPNProtocols: ['h2', 'http/1.1'] })
      secured.once('error', reject)
      secured.once('secureConnect', () => resolve(secured))
    })
    request.once('error', reject)
    request.end()
  })
}

interface Through {
  readonly proxy: ProxyAddress
  readonly token?: string
  readonly body?: string
}

async function ask(line: string, host: string, { proxy, token = '', body = '' }: Through): Promise<Answer> {
  const socket = await tunnel(proxy, host)
  const lines = [
    `${line} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Type: application/x-www-form-urlencoded',
    ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
  ]
  return converse(socket, `${lines.join('\r\n')}\r\n\r\n${body}`)
}

async function converse(socket: NodeJS.ReadWriteStream, text: string): Promise<Answer> {
  socket.write(text)
  let received = ''
  for await (const chunk of socket) received += String(chunk)
  return { status: Number(received.split(' ')[1]), text: received.slice(received.indexOf('\r\n\r\n') + 4) }
}

async function logIn(emulator: Emulator, proxy: ProxyAddress): Promise<string> {
  const login = readLoginToken(emulator.createLoginToken({ proxied: true }))
  const form = { grant_type: 'password', client_id: 'jottacli', username: login.username, password: login.auth_token }
  const url = new URL(login.well_known_link.replace('.well-known/openid-configuration', ''))
  const body = new URLSearchParams(form).toString()
  const answer = await ask(`POST ${url.pathname}protocol/openid-connect/token`, url.hostname, { proxy, body })
  return String(parse(answer.text)['access_token'])
}

describe('the proxy', () => {
  test.each([
    'jfs.jottacloud.com',
    'api.jottacloud.com',
    'up.jottacloud.com',
    'down.jottacloud.com',
    'www.jottacloud.com',
    'id.jottacloud.com',
    'cloud.elgiganten.dk',
    'cloud.elgiganten.se',
    'cloud.elkjop.no',
    'cloud.elko.is',
    'cloud.gigantti.fi',
    'letsgo.jotta.cloud',
    'mediamarkt.jottacloud.com',
    'cloud-auth.onlime.dk',
    'sky.phonero.no',
    'mittcloud-auth.tele2.se',
    'sky-auth.telia.no',
    'cloud-auth.telia.se',
  ])('leads to %s with a certificate that holds, in HTTP/1.1', async (host) => {
    const { proxy } = await start()
    const socket = await tunnel(proxy, host)
    expect([socket.authorized, socket.alpnProtocol]).toEqual([true, 'http/1.1'])
    socket.destroy()
  })

  test.each(['example.com:443', 'jottacloud.com.example.com:443', 'jfs.jottacloud.com:22', '127.0.0.1:443', 'x'])(
    'leads nowhere else: %s',
    async (target) => {
      const { proxy } = await start()
      const socket = connectTcp(proxy.port, '127.0.0.1')
      const answer = await converse(socket, `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`)
      expect(answer.status).toBe(403)
      expect(answer.text).toContain(`not to ${target}`)
    },
  )

  test('speaks of the hosts that the client uses', async () => {
    const { emulator, proxy } = await start()
    const discovery = 'GET /auth/realms/elgiganten/.well-known/openid-configuration'
    for (const host of ['cloud.elgiganten.dk', 'cloud.elgiganten.se']) {
      const issuer = `https://${host}/auth/realms/elgiganten`
      expect(parse((await ask(discovery, host, { proxy })).text)).toMatchObject({
        issuer,
        token_endpoint: `${issuer}/protocol/openid-connect/token`,
      })
    }
    const token = await logIn(emulator, proxy)
    const body = JSON.stringify({ path: '/jfs/Jotta/Archive/a.txt', bytes: 5, md5: md5('hello') })
    const allocated = await ask('POST /files/v1/allocate', 'api.jottacloud.com', { proxy, token, body })
    const upload = new URL(String(parse(allocated.text)['upload_url']))
    expect(upload.origin).toBe('https://up.jottacloud.com')
    const sent = await ask(`POST ${upload.pathname}`, upload.hostname, { proxy, token, body: 'hello' })
    expect(sent.status).toBe(200)
    const read = `GET /jfs/${emulator.username}/Jotta/Archive/a.txt?mode=bin`
    expect(await ask(read, 'jfs.jottacloud.com', { proxy, token })).toEqual({ status: 200, text: 'hello' })
  })

  test('answers at each host only for what it serves', async () => {
    const { proxy } = await start()
    const wrong: [string, string][] = [
      ['GET /account/v1/customer', 'jfs.jottacloud.com'],
      ['GET /jfs/u', 'api.jottacloud.com'],
      ['GET /auth/realms/jottacloud/.well-known/openid-configuration', 'cloud.elko.is'],
    ]
    for (const [line, host] of wrong) expect((await ask(line, host, { proxy })).status).toBe(404)
  })

  test('answers plain requests for these hosts, and refuses others', async () => {
    const { proxy } = await start()
    const plain = (url: string, host: string): Promise<Answer> =>
      converse(connectTcp(proxy.port, '127.0.0.1'), `GET ${url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    const discovery = '/auth/realms/jottacloud/.well-known/openid-configuration'
    const good = await plain(`http://id.jottacloud.com${discovery}`, 'id.jottacloud.com')
    expect(parse(good.text)['issuer']).toBe('https://id.jottacloud.com/auth/realms/jottacloud')
    expect((await plain('http://jfs.jottacloud.com', 'jfs.jottacloud.com')).status).toBe(404)
    for (const url of ['http://example.com/', 'http://id.jottacloud.com:81/', discovery]) {
      const bad = await plain(url, 'id.jottacloud.com')
      expect([bad.status, bad.text.includes('hosts of Jottacloud only')]).toEqual([403, true])
    }
  })

  test('bears a client that goes away in the middle of the handshake', async () => {
    const { proxy } = await start()
    const rude = connectTcp(proxy.port, '127.0.0.1')
    rude.write('CONNECT jfs.jottacloud.com:443 HTTP/1.1\r\n\r\nno TLS at all')
    await new Promise((resolve) => rude.once('close', resolve).resume())
    const socket = await tunnel(proxy, 'jfs.jottacloud.com')
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })

  test('ends with the emulator, open tunnels included', async () => {
    const { emulator, proxy } = await start()
    const socket = await tunnel(proxy, 'jfs.jottacloud.com')
    const gone = new Promise((resolve) => socket.once('close', resolve).resume())
    await emulator.close()
    await gone
    running.length = 0
  })
})

describe('the authority', () => {
  test('without a state folder is in a temporary file, without its key, until the end', async () => {
    const { emulator, proxy } = await start()
    expect(fs.readFileSync(proxy.caFile, 'utf8')).not.toContain('PRIVATE')
    await emulator.close()
    expect(fs.existsSync(proxy.caFile)).toBe(false)
    expect(fs.readdirSync(folder)).toEqual([])
  })

  test('goes to the file that is named', async () => {
    const caFile = join(folder, 'mine.pem')
    const emulator = createEmulator()
    running.push(emulator)
    const proxy = await emulator.listenProxy({ caFile })
    expect(proxy.caFile).toBe(caFile)
    const socket = await tunnel(proxy, 'jfs.jottacloud.com')
    socket.destroy()
  })

  test('with a state folder is the same after a restart, and its key is for the owner only', async () => {
    const stateDir = join(folder, 'state')
    const first = await start({ stateDir })
    expect(first.proxy.caFile).toBe(join(stateDir, 'ca.pem'))
    const certificate = fs.readFileSync(first.proxy.caFile, 'utf8')
    expect(certificate).not.toContain('PRIVATE')
    const keyFiles = fs.readdirSync(stateDir).filter((name) => isKey(join(stateDir, name)))
    expect(keyFiles.map((name) => fs.statSync(join(stateDir, name)).mode & 0o777)).toEqual([0o600])
    await first.emulator.close()
    const second = await start({ stateDir })
    expect(fs.readFileSync(second.proxy.caFile, 'utf8')).toBe(certificate)
    const socket = await tunnel(second.proxy, 'jfs.jottacloud.com')
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })
})

function isKey(file: string): boolean {
  return fs.statSync(file).isFile() && fs.readFileSync(file, 'utf8').includes('PRIVATE KEY')
}

describe('TLS on the own address', () => {
  test('is served for the address, and for names of the service', async () => {
    const emulator = createEmulator()
    running.push(emulator)
    const { apiUrl, port, caFile } = await emulator.listen({ tls: true })
    expect(apiUrl).toBe(`https://127.0.0.1:${port}/`)
    const ca = fs.readFileSync(caFile ?? '')
    const discovery = '/auth/realms/jottacloud/.well-known/openid-configuration'
    const issuers: unknown[] = []
    for (const servername of ['', 'localhost', 'id.jottacloud.com']) {
      const socket = connectTls({ host: '127.0.0.1', port, ca, servername: servername || undefined })
      const host = servername || `127.0.0.1:${port}`
      const text = `GET ${discovery} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
      issuers.push(parse((await converse(socket, text)).text)['issuer'])
    }
    const realm = '/auth/realms/jottacloud'
    const own = `https://127.0.0.1:${port}${realm}`
    expect(issuers).toEqual([own, own, `https://id.jottacloud.com${realm}`])
    expect(readLoginToken(emulator.createLoginToken()).well_known_link).toContain(own)
  })
})
