import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmulatedJottacloud, emulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { serve } from '../../../test/support/local-server.ts'
import { sourceFromBytes } from '../../core/source.ts'
import type { Source } from '../../core/source.ts'
import { collect } from '../../core/stream.ts'
import { sleep } from '../../util/async.ts'

const mebibyte = 1024 * 1024
let account: EmulatedJottacloud

beforeEach(async () => {
  account = await emulatedJottacloud()
})
afterEach(() => account[Symbol.asyncDispose]())

const uploaded = (): number => account.emulator.counters.of('upload').bytesReceived

/** Passes everything on, but says 401 after so many bytes of an upload, of which the service then has that many. */
function front(cuts: number[]): (request: IncomingMessage, response: ServerResponse) => void {
  const { port } = account.urls
  return (incoming, response) => {
    const { method = '', url = '', headers } = incoming
    const limit = url.startsWith('/upload/') ? cuts.shift() : undefined
    const before = uploaded()
    const upstream = httpRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      void collect(answer).then((body) => {
        const text = Buffer.from(body)
          .toString('latin1')
          .replaceAll(`127.0.0.1:${port}`, headers.host ?? '')
        const { 'content-length': _, 'transfer-encoding': __, ...rest } = answer.headers
        response.writeHead(answer.statusCode ?? 500, { ...rest, 'content-length': Buffer.byteLength(text, 'latin1') })
        response.end(text, 'latin1')
      })
    })
    upstream.on('error', () => undefined)
    let passed = 0
    incoming.on('data', (chunk: Buffer) => {
      if (limit !== undefined && passed + chunk.length > limit) {
        if (passed < limit) upstream.write(chunk.subarray(0, limit - passed))
        passed = limit
        void waitUntil(() => uploaded() >= before + limit).then(() => {
          upstream.destroy()
          response.writeHead(401, { connection: 'close' }).end()
        })
        incoming.removeAllListeners('data')
        incoming.resume()
        return
      }
      passed += chunk.length
      upstream.write(chunk)
    })
    incoming.on('end', () => {
      if (limit === undefined || passed < limit) upstream.end()
    })
  }
}

async function waitUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5)
}

function content(size: number): Source & { readonly offsets: number[]; readonly bytes: Buffer } {
  const bytes = randomBytes(size)
  const source = sourceFromBytes(bytes)
  const offsets: number[] = []
  return {
    ...source,
    bytes,
    offsets,
    known: { md5: createHash('md5').update(bytes).digest('hex') },
    stream(range = {}, options) {
      offsets.push(range.offset ?? 0)
      return source.stream(range, options)
    },
  }
}

describe('a token that expires in the middle of an upload', () => {
  test.each([
    ['once', [5 * mebibyte]],
    ['before anything arrived', [0]],
    ['twice at different places', [3 * mebibyte, 2 * mebibyte]],
  ])('%s is refreshed, and the upload goes on where it was', async (_, cuts) => {
    await using server = await serve(front([...cuts]))
    const at = `${server.origin}/`
    let clock = Date.now()
    const remote = account.remote({
      apiUrl: at,
      tokenUrl: `${account.urls.apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`,
      uploadResumeLimit: 0,
      env: { now: () => (clock += 40_000) },
    })
    const before = await account.tokens.read()
    const source = content(12 * mebibyte)
    await remote.write('long', source)
    const places = cuts.map((__, index) => cuts.slice(0, index + 1).reduce((sum, cut) => sum + cut, 0))
    expect(source.offsets).toEqual([0, ...places])
    expect((await account.tokens.read()).refreshToken).not.toBe(before.refreshToken)
    await using reader = await account.remote().open('long')
    expect(Buffer.compare(Buffer.from(await collect(reader.stream())), source.bytes)).toBe(0)
  })

  test('that another token does not help ends with the service’s word', async () => {
    await using server = await serve(front(Array.from({ length: 9 }, () => 0)))
    const tokenUrl = `${account.urls.apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`
    const remote = account.remote({ apiUrl: `${server.origin}/`, tokenUrl })
    await expect(remote.write('never', content(mebibyte))).rejects.toMatchObject({ code: 'auth' })
    expect(account.emulator.counters.of('token').requests).toBe(2)
  })
})
