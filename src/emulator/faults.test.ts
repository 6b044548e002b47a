import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask, md5, parse, signIn, type SignedIn } from './signed-in.ts'

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

  test('other bytes of an upload than were sent', async () => {
    const content = 'x'.repeat(200_000)
    account.emulator.faults.add({ operation: 'upload', action: { corrupt: 'request-body', atByte: 150_000 } })
    expect((await account.send(await account.allocate('Archive/c', content), content)).status).toBe(421)
    expect((await account.send(await account.allocate('Archive/c', content), content)).status).toBe(200)
    expect((await account.read('/Jotta/Archive/c')).text).toBe(content)
  })

  test('a delay', async () => {
    account.emulator.faults.add({ action: { delayMs: 60 } })
    const start = performance.now()
    expect((await account.get('/Jotta')).status).toBe(200)
    expect(performance.now() - start).toBeGreaterThan(50)
  })

  test('a delay of many requests at once, without a warning of the system', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    account.emulator.faults.add({ times: Infinity, action: { delayMs: 60 } })
    const answers = await Promise.all(Array.from({ length: 15 }, () => fetch(`${account.urls.jfsUrl}x/Jotta/a`)))
    expect(answers).toHaveLength(15)
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
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

  test('a dropped connection after the whole answer', async () => {
    account.emulator.faults.add({ operation: 'download', action: { reset: 'after' } })
    expect((await account.get(DOWNLOAD)).text).toBe('hello')
    // The client may not have noticed yet that its connection is gone.
    await expect.poll(() => account.get(DOWNLOAD).catch(() => undefined)).toMatchObject({ text: 'hello' })
  })

  test('an answer that ends early as if that were all', async () => {
    account.emulator.faults.add({ times: 2, action: { truncate: 2 } })
    const short = await account.get(DOWNLOAD)
    expect([short.status, short.text, short.headers['content-length']]).toEqual([200, 'he', '2'])
    expect((await account.get('/Jotta')).text).toBe('<?')
  })

  test('a flipped byte anywhere', async () => {
    const content = 'x'.repeat(200_000)
    account.emulator.seed([{ path: 'Archive/big', content }])
    account.emulator.faults.add({ action: { corrupt: 'response-body', atByte: 150_000 } })
    const wrong = (await account.read('/Jotta/Archive/big')).text
    expect(wrong.replace(/^x*/, '').length).toBeLessThanOrEqual(50_000)
    expect(wrong.replaceAll('x', '')).toHaveLength(1)
  })

  test('documents that are none, with the work done', async () => {
    account.emulator.faults.add({ times: 2, action: { malformed: true } })
    const answer = await account.post('/Jotta/Archive/x?mkDir=true')
    expect(answer.status).toBe(200)
    expect(answer.text).not.toMatch(/^<\?xml/)
    const body = { path: 'Archive/b', bytes: 1, md5: md5('b') }
    expect(() => parse(answer.text)).toThrow()
    expect((await account.api('files/v1/allocate', body)).text).not.toContain('{')
    expect((await account.get('/Jotta/Archive/x')).status).toBe(200)
  })

  test('an error after the work was done', async () => {
    account.emulator.faults.add({ times: 2, action: { effectThenStatus: 504 } })
    const answer = await account.post('/Jotta/Archive/x?mkDir=true')
    expect([answer.status, answer.text.includes('<code>504</code>')]).toEqual([504, true])
    expect(parse((await account.api('files/v1/purge_trash', '')).text)).toMatchObject({ code: 504 })
    expect((await account.get('/Jotta/Archive/x')).status).toBe(200)
  })

  test('silence in the middle of an answer and of an upload, whose bytes stay', async () => {
    const { faults } = account.emulator
    faults.add({ operation: 'download', action: { hang: 'response-body', afterBytes: 2 } })
    faults.add({ operation: 'upload', action: { hang: 'request-body', afterBytes: 3 } })
    const allocation = await account.allocate('Archive/b', 'content')
    const silent = [account.get(DOWNLOAD), account.send(allocation, 'content')]
    expect(await Promise.race([...silent, new Promise((resolve) => setTimeout(resolve, 80, 'silence'))])).toBe(
      'silence',
    )
    const position = async () => (await account.allocate('Archive/b', 'content')).resume_pos
    await expect.poll(position).toBe(3)
    const failed = silent.map((answer) => expect(answer).rejects.toThrow())
    await account.emulator.close()
    await Promise.all(failed)
    account = await signIn()
  })

  test('an access token that is expired from some request on, while a refreshed one is good', async () => {
    account.emulator.faults.add({ skip: 1, action: { expireToken: true } })
    expect((await account.get('/Jotta')).status).toBe(200)
    const refused = await account.get('/Jotta')
    expect([refused.status, refused.text.includes('BadCredentialsException')]).toEqual([401, true])
    expect((await account.get('/Jotta')).status).toBe(401)
    expect((await refresh()).status).toBe(200)
  })

  test('a login that is revoked: its access token lives on, its refresh token does not', async () => {
    account.emulator.faults.add({ action: { revokeLogin: true } })
    expect((await account.get('/Jotta')).status).toBe(200)
    expect((await account.get('/Jotta')).status).toBe(200)
    const answer = await refresh()
    expect([answer.status, parse(answer.text)['error']]).toEqual([400, 'invalid_grant'])
  })

  test('a login that is revoked at the very refresh, or together with the token', async () => {
    account.emulator.faults.add({ operation: 'token', action: { revokeLogin: true } })
    expect((await refresh()).status).toBe(400)
    account.emulator.faults.add({ action: { expireToken: true, revokeLogin: true } })
    expect((await account.get('/Jotta')).status).toBe(401)
  })

  test('a full and a read-only account', async () => {
    const { faults } = account.emulator
    faults.add({ operation: 'allocate', action: { overQuota: true } })
    faults.add({ operation: 'mkDir', action: { readOnly: true } })
    const full = await account.api('files/v1/allocate', { path: 'Archive/b', bytes: 1, md5: md5('b') })
    expect([full.status, parse(full.text)['error_id']]).toEqual([507, 'QuotaExceededException'])
    expect((await account.post('/Jotta/Archive/x?mkDir=true')).status).toBe(403)
    expect((await account.get('/Jotta/Archive/x')).status).toBe(404)
  })
})

function refresh(): ReturnType<typeof ask> {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'jottacli',
    refresh_token: account.tokens.refresh_token,
  })
  return ask(`${account.urls.apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`, { method: 'POST', body })
}

async function hits(seed: number): Promise<boolean[]> {
  account.emulator.faults.clear()
  account.emulator.faults.add({ probability: 0.3, seed, times: Infinity, action: { status: 503 } })
  const statuses: boolean[] = []
  for (let i = 0; i < 60; i++) statuses.push((await account.get(DOWNLOAD)).status === 503)
  return statuses
}

describe('chance', () => {
  test('hits the same requests for the same seed, and about as many as asked for', async () => {
    const first = await hits(7)
    expect(await hits(7)).toEqual(first)
    expect(await hits(8)).not.toEqual(first)
    const count = first.filter(Boolean).length
    expect(count).toBeGreaterThan(6)
    expect(count).toBeLessThan(32)
  })

  test('leaves a number of hits to be asked for', async () => {
    const { faults } = account.emulator
    const id = faults.add({ probability: 0.5, times: 2, action: { status: 503 } })
    for (let i = 0; i < 30; i++) await account.get(DOWNLOAD)
    expect(faults.all()).toMatchObject([{ id, seen: 30, acted: 2 }])
    expect([faults.remove(id), faults.remove(id), faults.all()]).toEqual([true, false, []])
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
