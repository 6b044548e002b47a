import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { worstDialect } from './dialect.ts'
import { signIn, type SignedIn } from './signed-in.ts'

const FUZZ = Number(process.env['FJORD_FUZZ'] ?? 1)
const RUNS = 300 * FUZZ
const agent = new Agent({ keepAlive: true, maxSockets: 2 })
let account: SignedIn

beforeAll(async () => {
  account = await signIn({ quota: 1 << 30 })
  account.emulator.seed([
    { path: 'Archive/dir/a', content: 'hello' },
    { path: 'Archive/dir/sub/b', size: 100 },
    { path: 'Archive/empty', content: '' },
  ])
})

afterAll(async () => {
  agent.destroy()
  await account.emulator.close()
})

const name = fc.oneof(
  fc.constantFrom(
    'Jotta',
    'Archive',
    'Sync',
    'Trash',
    'Latest',
    'Links',
    'Shared',
    'dir',
    'a',
    'sub',
    'b',
    'empty',
    'USER',
  ),
  fc.constantFrom(
    '',
    '.',
    '..',
    '%',
    '%2',
    '%zz',
    '%00',
    '%ff',
    '%ED%A0%80',
    '%25%34%31',
    '+',
    ';',
    '%EF%BF%BF',
    'x'.repeat(256),
  ),
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''))),
)
const path = fc.oneof(
  { weight: 5, arbitrary: fc.array(name, { maxLength: 6 }).map((names) => `/jfs/USER/${names.join('/')}`) },
  fc.array(name, { maxLength: 5 }).map((names) => `/${names.join('/')}`),
  fc
    .tuple(
      fc.constantFrom('/upload/', '/upload/completed.', '/opin/io/downloadPublic/', '/p/', '/rest/token/', '/ws/'),
      name,
      name,
    )
    .map(([start, one, two]) => `${start}${one}/${two}`),
  fc.constantFrom(
    '/files/v1/allocate',
    '/files/v1/purge_trash',
    '/account/v1/customer',
    '/',
    '*',
    '//',
    '/jfs',
    '/jfs/',
  ),
)
const parameter = fc.constantFrom(
  ...'mkDir dl dlDir rm rmDir mv mvDir cp cphash umode type mode first max revision ts restore sort'.split(' '),
)
const value = fc.oneof(
  fc.constantFrom(
    'true',
    '',
    '-1',
    '0',
    '1e9',
    '99999999999999999999',
    'bin',
    'list',
    'liststream',
    'enableShare',
    'thumb',
  ),
  fc.constantFrom(
    'WORKSTATION',
    'nomultipart',
    '/USER/Jotta/Archive/new',
    '/USER/Jotta/Archive/dir/a',
    '/USER/Jotta/Trash/x/y',
    '/x@y/a/b/c',
    '%',
  ),
  fc.string({ maxLength: 6 }),
)
const query = fc.dictionary(parameter, value, { maxKeys: 3 })
const header = fc.constantFrom(
  'range',
  'jsize',
  'jmd5',
  'jcreated',
  'jmodified',
  'content-type',
  'authorization',
  'expect',
  'if-match',
)
const headerValue = fc.oneof(
  fc.constantFrom(
    'bytes=0-',
    'bytes=-0',
    'bytes=5-1',
    'bytes=99999999999999999999-',
    'bytes=0-0,2-3',
    '-1',
    '9'.repeat(400),
    '5',
  ),
  fc.constantFrom(
    '5d41402abc4b2a76b9719d911017c592',
    'd41d8cd98f00b204e9800998ecf8427e',
    '0001-01-01-T00:00:00Z',
    '9999999999999999',
  ),
  fc.constantFrom(
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'Bearer x.y.z',
    'Basic !!',
  ),
  fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)), maxLength: 8 }),
)
const json = fc
  .oneof(
    fc.record(
      {
        path: fc.oneof(
          fc.constantFrom('Archive/new', '/jfs/Jotta/Archive/dir', '/jfs/Jotta/Trash/x', '', '/jfs/', 'a/\ud800'),
          fc.string(),
        ),
        bytes: fc.oneof(fc.constantFrom(0, 5, -1, 1.5, 1e300), fc.jsonValue()),
        md5: fc.oneof(
          fc.constantFrom('5d41402abc4b2a76b9719d911017c592', 'd41d8cd98f00b204e9800998ecf8427e'),
          fc.jsonValue(),
        ),
        created: fc.jsonValue(),
        modified: fc.oneof(
          fc.double(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          fc.jsonValue(),
        ),
        conflict_handler: fc.constantFrom('REJECT_CONFLICTS', 'x'),
      },
      { requiredKeys: [] },
    ),
    fc.jsonValue(),
  )
  .map((content) => JSON.stringify(content))
const body = fc.oneof(
  json,
  fc.string(),
  fc.constantFrom('', '{', '--x\r\n\r\n--x--', 'grant_type=password&username=x', 'grant_type=refresh_token'),
)
const method = fc.constantFrom('GET', 'POST', 'GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS')
const headers = fc.dictionary(header, headerValue, { maxKeys: 3 })

interface Sent {
  readonly method: string
  readonly path: string
  readonly query: Record<string, string>
  readonly headers: Record<string, string>
  readonly body: string
}

function answerTo(sent: Sent): Promise<{ status: number; text: string }> {
  const { port } = account.urls
  const named = (text: string): string => text.replaceAll('USER', account.emulator.username)
  const search = new URLSearchParams()
  for (const [key, text] of Object.entries(sent.query)) search.set(key, named(text))
  const authorised = { authorization: `Bearer ${account.tokens.access_token}`, ...sent.headers }
  const bytes = Buffer.from(sent.body)
  const options = {
    host: '127.0.0.1',
    port,
    agent,
    method: sent.method,
    path: `${named(sent.path)}?${search.toString()}`,
  }
  return new Promise((resolve, reject) => {
    const asked = request(
      { ...options, headers: { ...authorised, 'content-length': bytes.byteLength } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => void chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
      },
    )
    asked.on('error', reject)
    asked.end(bytes)
  })
}

describe('a request that makes no sense', () => {
  test.each(['the usual dialect', 'the worst dialect'])(
    'is answered as the service does, in %s',
    async (which) => {
      if (which !== 'the usual dialect') account.emulator.dialect.set(worstDialect)
      const sent = fc.record({ method, path, query, headers, body })
      await fc.assert(
        fc.asyncProperty(sent, async (asked) => {
          const { status, text } = await answerTo(asked)
          expect(status).toBeGreaterThanOrEqual(200)
          expect(text).not.toContain('The emulator failed')
          if (status >= 500) expect([500, 501, 507]).toContain(status)
        }),
        { numRuns: RUNS },
      )
      expect((await account.get('/Jotta')).status).toBe(200)
    },
    120_000 * FUZZ,
  )

  test('is not even HTTP, and others are still answered', async () => {
    for (const bytes of [
      '\0\0\0',
      'GET',
      'GET / HTTP/9.9\r\n\r\n',
      'POST /files/v1/allocate HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{',
    ]) {
      const socket = connect(account.urls.port, '127.0.0.1')
      socket.on('error', () => undefined)
      await new Promise<void>((resolve) => {
        socket.on('close', () => resolve())
        socket.end(bytes)
        socket.resume()
      })
    }
    expect((await account.get('/Jotta')).status).toBe(200)
  })
})
