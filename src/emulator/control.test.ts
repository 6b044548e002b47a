import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, logIn, parse, signIn, type SignedIn } from './signed-in.ts'

let account: SignedIn
let url: string

beforeEach(async () => {
  account = await signIn()
  url = (await account.emulator.listenControl()).url
})

afterEach(() => account.emulator.close())

async function control(line: string, body?: unknown, headers = {}): Promise<{ status: number; value: unknown }> {
  const [method = '', path = ''] = line.split(' ')
  const text = body === undefined ? '' : JSON.stringify(body)
  const answer = await ask(url + path.slice(1), { method, body: text, headers })
  return { status: answer.status, value: parse(answer.text) }
}

async function refused(line: string, body?: unknown): Promise<string> {
  const { status, value } = await control(line, body)
  expect(status).toBe(400)
  return String(Object(value).error)
}

describe('the control interface', () => {
  test('is on an address of its own, and the account cannot be reached there, nor control on the public one', async () => {
    expect(new URL(url).port).not.toBe(String(account.urls.port))
    expect((await ask(`${url}account/v1/customer`)).status).toBe(404)
    expect((await ask(`${account.urls.apiUrl}counters`)).status).toBe(404)
  })

  test('counts', async () => {
    await account.get('/Jotta')
    expect((await control('GET /counters')).value).toMatchObject({ device: { requests: 1 } })
    await control('POST /counters/reset')
    expect((await control('GET /counters')).value).toEqual({})
  })

  test('sets, lists and removes faults', async () => {
    const rule = { operation: 'device', pathPattern: '^.Jot', times: -1, action: { status: 503, retryAfter: 2 } }
    expect(await control('POST /faults', rule)).toEqual({ status: 200, value: { id: 1 } })
    expect((await account.get('/Jotta')).status).toBe(503)
    expect((await account.get('/Jotta')).headers['retry-after']).toBe('2')
    expect((await control('GET /faults')).value).toMatchObject([{ id: 1, seen: 2, acted: 2, ...rule }])
    await control('POST /faults', { path: 'Archive', action: { reset: 'before' } })
    expect((await control('DELETE /faults/1')).status).toBe(200)
    expect((await control('DELETE /faults/1')).status).toBe(404)
    expect((await account.get('/Jotta')).status).toBe(200)
    await control('DELETE /faults')
    expect((await control('GET /faults')).value).toEqual([])
    expect((await account.get('/Jotta/Archive')).status).toBe(200)
  })

  test.each([
    { status: 500, body: 'x' },
    { overQuota: true },
    { readOnly: true },
    { expireToken: true, revokeLogin: true },
    { revokeLogin: true },
    { reset: 'after' },
    { reset: 'response-body', afterBytes: 1 },
    { hang: true },
    { hang: 'request-body', afterBytes: 1 },
    { delayMs: 1 },
    { corrupt: 'response-body' },
    { corrupt: 'response-body', atByte: 3 },
    { corrupt: 'request-body' },
    { truncate: 1 },
    { malformed: true },
    { wrongMd5: true },
    { effectThenReset: true },
    { effectThenStatus: 500 },
  ])('takes the action %j', async (action) => {
    expect((await control('POST /faults', { operation: 'legacyRegister', action })).status).toBe(200)
  })

  test('sets the clock', async () => {
    expect((await control('POST /clock', { now: Date.UTC(2026, 0, 1) })).value).toMatchObject({
      now: expect.any(Number),
    })
    await control('POST /clock', { advance: 1000 })
    const { value } = await control('GET /clock')
    expect(Number(Object(value).now) - Date.UTC(2026, 0, 1)).toBeLessThan(120_000)
    expect(Number(Object(value).now) - Date.UTC(2026, 0, 1)).toBeGreaterThanOrEqual(1000)
  })

  test('changes the account', async () => {
    const { value } = await control('POST /account', { quota: 3, writeLocked: true })
    expect(value).toMatchObject({ quota: 3, writeLocked: true, readLocked: false })
    expect((await account.post('/Jotta/Archive/x?mkDir=true')).status).toBe(403)
    expect((await control('GET /account')).value).toEqual(value)
  })

  test('seeds files', async () => {
    const files = [
      { path: 'Archive/a', content: 'hello', modified: 0 },
      { path: 'Archive/b', size: 7 },
    ]
    expect((await control('POST /seed', { files })).value).toEqual({ files: 2 })
    expect((await account.read('/Jotta/Archive/a')).text).toBe('hello')
    expect(await refused('POST /seed', { files: [{ path: 'Nowhere/a*b', size: 1 }] })).toContain('cannot be stored')
    const stored = [{ path: 'Archive/a:b', content: 'theirs', asStored: true }]
    expect((await control('POST /seed', { files: stored })).value).toEqual({ files: 1 })
    expect((await account.read('/Jotta/Archive/a:b')).text).toBe('theirs')
  })

  test('tells the last requests', async () => {
    await account.get('/Jotta/Archive')
    expect((await control('GET /requests')).value).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ operation: 'mountpoint', status: 200 })]),
    )
    await control('DELETE /requests')
    expect((await control('GET /requests')).value).toEqual([])
  })

  test('changes the dialect', async () => {
    const { value } = await control('POST /dialect', { dlMissing: 200 })
    expect(value).toMatchObject({ answers: { dlMissing: 200, dlDirTrashed: 200 } })
    expect((await account.post('/Jotta/Archive/none?dl=true')).status).toBe(200)
    expect((await control('GET /dialect')).value).toMatchObject({ possible: { dlMissing: [404, 200] } })
  })

  test('makes login tokens', async () => {
    const { value } = await control('POST /login-token')
    expect((await logIn(String(Object(value).loginToken))).status).toBe(200)
  })
})

describe('what makes no sense', () => {
  test.each([
    ['POST /faults', {}, '"action" of a fault rule must be an object'],
    ['POST /faults', { action: {} }, 'an action has one of status, overQuota'],
    ['POST /faults', { action: { status: '500' } }, '"status" of the action of a fault rule must be number'],
    ['POST /faults', { action: { status: 99 } }, 'a whole number from 200 to 599'],
    ['POST /faults', { action: { hang: true, times: 3 } }, 'no field "times"'],
    ['POST /faults', { action: { reset: 'response-body' } }, 'must be before or after'],
    ['POST /faults', { probability: 2, action: { hang: true } }, 'between 0 and 1'],
    ['POST /faults', { pathPattern: '(', action: { hang: true } }, 'no regular expression'],
    ['POST /faults', { operations: 'upload', action: { hang: true } }, 'no field "operations", only operation'],
    ['POST /faults', { skip: null, action: { hang: true } }, '"skip" of a fault rule must be whole number from 0'],
    [
      'POST /faults',
      { action: { delayMs: -1 } },
      '"delayMs" of the action of a fault rule must be whole number from 0',
    ],
    ['POST /clock', {}, 'either "now"'],
    ['POST /faults', { operation: 'uplaod', action: { hang: true } }, 'no operation "uplaod", only discovery'],
    ['POST /clock', { now: 1, advance: 1 }, 'either "now"'],
    ['POST /clock', { now: 1e30 }, 'no such time'],
    ['POST /clock', { advance: -1e17 }, 'no such time'],
    ['POST /clock', { now: 'noon' }, '"now" of the clock must be number'],
    ['POST /account', { quota: 1.5 }, 'a number of bytes'],
    ['POST /account', { locked: 'yes' }, 'must be boolean'],
    ['POST /account', { colour: 'red' }, 'no field "colour"'],
    ['POST /seed', {}, 'an array "files"'],
    ['POST /seed', { files: [{ size: 1 }] }, 'must have a "path"'],
    ['POST /seed', { files: [{ path: 'Archive/a', size: -1 }] }, 'whole number from 0'],
    ['POST /seed', { files: [{ path: 'Archive/a', md5: 'x' }] }, '32 hex digits'],
    ['POST /dialect', { nonsense: 1 }, 'no question "nonsense"'],
    ['POST /dialect', { dlMissing: 418 }, 'answered by one of 404, 200'],
    ['POST /account', [], 'must be an object'],
  ])('%s %j is refused with the reason', async (line, body, reason) => {
    expect(await refused(line, body)).toContain(reason)
  })

  test('a body that is no JSON, an unknown command, and the request of a web page', async () => {
    const answer = await ask(`${url}clock`, { method: 'POST', body: '{' })
    expect([answer.status, answer.text.includes('no JSON')]).toEqual([400, true])
    expect((await control('GET /nothing')).status).toBe(404)
    expect((await control('PUT /faults')).status).toBe(404)
    expect((await control('POST /clock', { advance: 1 }, { Origin: 'https://example.com' })).status).toBe(403)
  })
})
