import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { md5, parse, signIn, type SignedIn } from './signed-in.ts'

let account: SignedIn

beforeEach(async () => {
  account = await signIn()
  await account.put('Archive/dir/a.txt', 'hello')
})

afterEach(() => account.emulator.close())

const DOWNLOAD = '/Jotta/Archive/dir/a.txt?mode=bin'

describe('rules', () => {
  test('choose by operation, method and path, skip some requests and act on some', async () => {
    const { faults } = account.emulator
    faults.add({ operation: 'download', path: 'dir/a.txt', skip: 1, times: 2, action: { status: 503 } })
    const statuses: number[] = []
    for (let i = 0; i < 4; i++) statuses.push((await account.get(DOWNLOAD)).status)
    expect(statuses).toEqual([200, 503, 503, 200])
    faults.add({ method: 'post', times: Infinity, action: { status: 500 } })
    expect((await account.post('/Jotta/Archive/x?mkDir=true')).status).toBe(500)
    expect((await account.get(DOWNLOAD)).status).toBe(200)
    faults.clear()
    expect((await account.post('/Jotta/Archive/x?mkDir=true')).status).toBe(200)
  })

  test('find the path of an allocate and of its upload', async () => {
    const path = /^\/Jotta\/Archive\/b\.txt$/g
    account.emulator.faults.add({ path, times: Infinity, action: { status: 503 } })
    const body = { path: 'Archive/b.txt', bytes: 3, md5: md5('new') }
    expect((await account.api('files/v1/allocate', body)).status).toBe(503)
    expect((await account.allocate('Archive/c.txt', 'new')).state).toBe('INCOMPLETE')
    account.emulator.faults.clear()
    const allocation = await account.allocate('Archive/b.txt', 'new')
    account.emulator.faults.add({ operation: 'upload', path: 'b.txt', action: { status: 503 } })
    expect((await account.send(allocation, 'new')).status).toBe(503)
    expect((await account.send(allocation, 'new')).status).toBe(200)
  })
})

describe('actions', () => {
  test('a status, with the usual error body or another, and Retry-After', async () => {
    const { faults } = account.emulator
    faults.add({ action: { status: 429, retryAfter: 7 } })
    const xml = await account.get('/Jotta')
    expect(xml.status).toBe(429)
    expect(xml.headers['retry-after']).toBe('7')
    expect(xml.text).toContain('<code>429</code>')
    faults.add({ action: { status: 500 } })
    expect(parse((await account.api('files/v1/purge_trash', '')).text)).toMatchObject({ code: 500 })
    faults.add({ action: { status: 502, body: '<html>' } })
    expect((await account.get('/Jotta')).text).toBe('<html>')
  })

  test('a dropped connection before any work', async () => {
    account.emulator.faults.add({ operation: 'mkDir', action: { reset: 'before' } })
    await expect(account.post('/Jotta/Archive/x?mkDir=true')).rejects.toThrow()
    expect((await account.get('/Jotta/Archive/x')).status).toBe(404)
  })

  test('a dropped connection after the work', async () => {
    account.emulator.faults.add({ operation: 'mkDir', action: { effectThenReset: true } })
    await expect(account.post('/Jotta/Archive/x?mkDir=true')).rejects.toThrow()
    expect((await account.get('/Jotta/Archive/x')).status).toBe(200)
  })

  test('an upload that breaks after some bytes, which stay', async () => {
    const content = 'x'.repeat(300_000)
    account.emulator.faults.add({ operation: 'upload', action: { reset: 'request-body', afterBytes: 123_456 } })
    const allocation = await account.allocate('Archive/b', content)
    await expect(account.send(allocation, content)).rejects.toThrow()
    const again = await account.allocate('Archive/b', content)
    expect(again.resume_pos).toBe(123_456)
    const rest = content.slice(123_456)
    expect((await account.send(again, rest, { Range: 'bytes=123456-299999' })).status).toBe(200)
  })

  test('a download that breaks after some bytes', async () => {
    account.emulator.seed([{ path: 'Archive/big', size: 300_000 }])
    const headers = { Authorization: `Bearer ${account.tokens.access_token}` }
    const url = `${account.urls.jfsUrl}${account.emulator.username}/Jotta/Archive/big?mode=bin`
    account.emulator.faults.add({ operation: 'download', action: { reset: 'response-body', afterBytes: 100_000 } })
    const response = await fetch(url, { headers })
    expect(response.headers.get('content-length')).toBe('300000')
    let received = 0
    const read = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) received += chunk.byteLength
    }
    await expect(read()).rejects.toThrow()
    expect(received).toBe(100_000)
    account.emulator.faults.add({ operation: 'download', action: { reset: 'response-body', afterBytes: 0 } })
    const empty = await fetch(url, { headers })
    expect(empty.status).toBe(200)
    await expect(empty.text()).rejects.toThrow()
  })

  test('other bytes and another MD5 than the true ones', async () => {
    const { faults } = account.emulator
    faults.add({ operation: 'download', action: { corrupt: 'response-body' } })
    const answer = await account.get(DOWNLOAD)
    expect(answer.status).toBe(200)
    expect(answer.text).not.toBe('hello')
    expect(answer.text.endsWith('ello')).toBe(true)
    faults.add({ operation: 'file', action: { wrongMd5: true } })
    expect((await account.get('/Jotta/Archive/dir/a.txt')).text).not.toContain(md5('hello'))
    faults.add({ operation: 'upload', action: { wrongMd5: true } })
    const sent = await account.send(await account.allocate('Archive/b', 'new'), 'new')
    expect(sent.status).toBe(200)
    expect(parse(sent.text)['md5']).toMatch(/^[0-9a-f]{32}$/)
    expect(parse(sent.text)['md5']).not.toBe(md5('new'))
  })

  test('a delay', async () => {
    account.emulator.faults.add({ action: { delayMs: 60 } })
    const start = performance.now()
    expect((await account.get('/Jotta')).status).toBe(200)
    expect(performance.now() - start).toBeGreaterThan(50)
  })

  test('silence, until the emulator is closed', async () => {
    account.emulator.faults.add({ action: { hang: true } })
    const silent = account.get('/Jotta')
    const first = await Promise.race([silent, new Promise((resolve) => setTimeout(resolve, 50, 'silence'))])
    expect(first).toBe('silence')
    const failed = expect(silent).rejects.toThrow()
    await account.emulator.close()
    await failed
    account = await signIn()
  })
})

describe('counters', () => {
  test('count requests and the bytes of bodies by operation', async () => {
    const { counters } = account.emulator
    counters.reset()
    await account.get(DOWNLOAD)
    await account.get(DOWNLOAD)
    await account.put('Archive/b', 'more')
    expect(counters.of('download')).toEqual({ requests: 2, bytesReceived: 0, bytesSent: 10 })
    expect(counters.of('upload')).toMatchObject({ requests: 1, bytesReceived: 4 })
    expect(counters.of().requests).toBe(4)
    expect(Object.keys(counters.all()).sort()).toEqual(['allocate', 'download', 'upload'])
    counters.reset()
    expect(counters.of().requests).toBe(0)
  })
})
