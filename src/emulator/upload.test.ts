import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { md5, parse, signIn, type Allocation, type SignedIn } from './signed-in.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7)
let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

/** Sends the start of a body and drops the connection once the emulator has it. */
function sendAndBreakOff(allocation: Allocation, start: string, length: number): Promise<void> {
  const { counters } = account.emulator
  const arrived = counters.of('upload').bytesReceived + start.length
  const headers = { Authorization: `Bearer ${account.tokens.access_token}`, 'Content-Length': length }
  const request = httpRequest(allocation.upload_url, { method: 'POST', headers })
  request.on('error', () => undefined)
  request.write(start)
  const timer = setInterval(() => {
    if (counters.of('upload').bytesReceived >= arrived) request.destroy()
  }, 2)
  return new Promise((resolve) => {
    request.on('close', () => {
      clearInterval(timer)
      resolve()
    })
  })
}

describe('upload', () => {
  test('answers with what was stored', async () => {
    const allocation = await account.allocate('Archive/a.txt', 'hello', { modified: 1_593_604_800_000 })
    const answer = await account.send(allocation, 'hello')
    expect(answer.status).toBe(200)
    expect(parse(answer.text)).toEqual({
      path: '/jfs/Jotta/Archive/a.txt',
      content_id: expect.any(String),
      bytes: 5,
      md5: md5('hello'),
      modified: 1_593_604_800_000,
    })
  })

  test('works for an empty file', async () => {
    const allocation = await account.allocate('Archive/empty', '')
    expect(allocation.state).toBe('INCOMPLETE')
    expect((await account.send(allocation, '')).status).toBe(200)
    expect((await account.get('/Jotta/Archive/empty?mode=bin')).text).toBe('')
    expect((await account.allocate('Archive/empty2', '')).state).toBe('COMPLETED')
  })

  test('in slices answers 420 until the last, and the next allocate says where to go on', async () => {
    const first = await account.allocate('Archive/a.txt', 'hello world')
    const answer = await account.send(first, 'hello', { Range: 'bytes=0-4' })
    expect(answer.status).toBe(420)
    expect(parse(answer.text)).toMatchObject({ code: 420, error_id: 'IncompleteUploadOpenApiException' })
    expect((await account.get('/Jotta/Archive/a.txt')).text).toContain('<size>5</size>')
    const second = await account.allocate('Archive/a.txt', 'hello world')
    expect(second).toMatchObject({ state: 'INCOMPLETE', resume_pos: 5, upload_url: first.upload_url })
    expect((await account.send(second, ' world', { Range: 'bytes=5-10' })).status).toBe(200)
    expect((await account.get('/Jotta/Archive/a.txt?mode=bin')).text).toBe('hello world')
  })

  test('goes on after a connection that broke', async () => {
    const content = 'x'.repeat(100_000)
    const first = await account.allocate('Archive/a.txt', content)
    await sendAndBreakOff(first, content.slice(0, 60_000), content.length)
    const second = await account.allocate('Archive/a.txt', content)
    expect(second.resume_pos).toBe(60_000)
    expect((await account.send(second, content.slice(60_000), { Range: 'bytes=60000-99999' })).status).toBe(200)
  })

  test('gets the times of the latest allocate', async () => {
    const first = await account.allocate('Archive/a.txt', 'hello', { modified: 1_500_000_000_000 })
    await account.send(first, 'he', { Range: 'bytes=0-1' })
    const second = await account.allocate('Archive/a.txt', 'hello', { modified: 1_600_000_000_000 })
    const answer = await account.send(second, 'llo', { Range: 'bytes=2-4' })
    expect(parse(answer.text)['modified']).toBe(1_600_000_000_000)
  })

  test('may start over or repeat bytes', async () => {
    const allocation = await account.allocate('Archive/a.txt', 'hello world')
    await account.send(allocation, 'XXXXX', { Range: 'bytes=0-4' })
    expect((await account.send(allocation, 'hello w')).status).toBe(420)
    expect((await account.send(allocation, 'world', { Range: 'bytes=6-10' })).status).toBe(200)
  })

  test('cannot leave a hole', async () => {
    const allocation = await account.allocate('Archive/a.txt', 'hello world')
    const answer = await account.send(allocation, 'world', { Range: 'bytes=6-10' })
    expect(answer.status).toBe(416)
    expect(parse(answer.text)).toMatchObject({ error_id: 'RequestedRangeNotSatisfiedException' })
  })

  test.each(['jello', 'hello, more'])(
    'of other bytes (%s) answers 421 and the next attempt starts anew',
    async (sent) => {
      await account.put('Archive/a.txt', 'old')
      const answer = await account.send(await account.allocate('Archive/a.txt', 'hello'), sent)
      expect(answer.status).toBe(421)
      expect(parse(answer.text)).toMatchObject({ code: 421, error_id: 'CorruptUploadOpenApiException' })
      const file = await account.get('/Jotta/Archive/a.txt')
      expect(file.text).toMatch(
        /<currentRevision>\s*<number>1<.*<latestRevision>\s*<number>2<\/number>\s*<state>CORRUPT</s,
      )
      expect(file.text.match(/<size>/g)).toHaveLength(1)
      const again = await account.allocate('Archive/a.txt', 'hello')
      expect(again).toMatchObject({ state: 'CORRUPT', resume_pos: 0 })
      expect((await account.send(again, 'hello')).status).toBe(200)
      expect((await account.get('/Jotta/Archive/a.txt')).text).toMatch(/<currentRevision>\s*<number>3</)
    },
  )

  test('needs an access token and a known address', async () => {
    const allocation = await account.allocate('Archive/a.txt', 'hello')
    expect((await account.send(allocation, 'hello', { Authorization: 'Bearer x' })).status).toBe(401)
    const unknown = { ...allocation, upload_url: `${allocation.upload_url}x` }
    expect((await account.send(unknown, 'hello')).status).toBe(404)
  })

  test('to a file that was removed meanwhile is refused', async () => {
    const allocation = await account.allocate('Archive/a.txt', 'hello')
    await account.post('/Jotta/Archive/a.txt?rm=true')
    expect((await account.send(allocation, 'hello')).status).toBe(404)
  })

  test('of two contents to one path: the last completed wins', async () => {
    const first = await account.allocate('Archive/a.txt', 'first')
    const second = await account.allocate('Archive/a.txt', 'second')
    await account.send(second, 'second')
    await account.send(first, 'first')
    expect((await account.get('/Jotta/Archive/a.txt?mode=bin')).text).toBe('first')
    expect((await account.get('/Jotta/Archive/a.txt')).text).toMatch(/<currentRevision>\s*<number>3</)
  })

  test('keeps the spelling of the MD5', async () => {
    await account.put('Archive/a.txt', 'hello', { md5: md5('hello').toUpperCase() })
    expect((await account.get('/Jotta/Archive/a.txt')).text).toContain(`<md5>${md5('hello').toUpperCase()}</md5>`)
    expect((await account.allocate('Archive/b.txt', 'hello')).state).toBe('COMPLETED')
  })
})
