import { Agent } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../test/support/local-server.ts'
import { createEmulator } from './index.ts'
import { ask, parse, requestsTo, signIn, tokensOf, type Answer, type SignedIn } from './signed-in.ts'

const REGISTER_TOKEN = 'c2xrZmpoYWRsZmFramhkc2xma2phaHNkbGZramhhc2xkZmtqaGFzZGxrZmpobGtq'
const DEFAULT_CLIENT = { client_id: 'nibfk8biu12ju7hpqomr8b1e40', client_secret: 'any' }
// A later emulator on the same port must not meet connections to an earlier one.
const agent = new Agent({ keepAlive: false })
let account: SignedIn

beforeEach(async () => {
  account = await signIn()
})

afterEach(() => account.emulator.close())

function tokenUrl(): string {
  return `${account.urls.apiUrl}auth/v1/token`
}

function register(body: Record<string, string>, query = '', token = REGISTER_TOKEN): Promise<Answer> {
  const headers = { Authorization: `Bearer ${token}` }
  const url = `${account.urls.apiUrl}auth/v1/register${query}`
  return ask(url, { method: 'POST', headers, body: new URLSearchParams(body), agent })
}

interface Login {
  readonly client?: Record<string, string>
  readonly more?: Record<string, string>
  readonly headers?: Record<string, string>
}

function passwordForm({ client = DEFAULT_CLIENT, more = {} }: Login): URLSearchParams {
  const { email, password } = account.emulator.credentials
  return new URLSearchParams({ grant_type: 'PASSWORD', username: email, password, ...client, ...more })
}

function logInWithPassword(login: Login = {}): Promise<Answer> {
  return ask(tokenUrl(), { method: 'POST', headers: login.headers ?? {}, body: passwordForm(login), agent })
}

function refresh(token: string, client: Record<string, string> = DEFAULT_CLIENT): Promise<Answer> {
  const body = new URLSearchParams({ grant_type: 'REFRESH_TOKEN', refresh_token: token, ...client })
  return ask(tokenUrl(), { method: 'POST', body, agent })
}

function clientIn(answer: Answer): Record<string, string> {
  expect(answer.status).toBe(200)
  return JSON.parse(answer.text)
}

describe('legacy login', () => {
  test('takes name and password as a form or in the query', async () => {
    const set = parse((await logInWithPassword()).text)
    expect(set).toEqual({
      token_type: 'bearer',
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      session_id: expect.any(String),
      expires_in: 3600,
    })
    const headers = { Authorization: `Bearer ${String(set['access_token'])}` }
    expect((await ask(`${account.urls.jfsUrl}${account.emulator.username}`, { headers })).status).toBe(200)
    const inQuery = await ask(`${tokenUrl()}?${passwordForm({}).toString()}`, { method: 'POST' })
    expect(inQuery.status).toBe(200)
  })

  test('fails with a wrong password, a foreign client and grants in small letters', async () => {
    expect((await logInWithPassword({ more: { password: 'x' } })).status).toBe(401)
    expect((await logInWithPassword({ client: { client_id: 'nobody' } })).status).toBe(401)
    const small = await logInWithPassword({ more: { grant_type: 'password' } })
    expect(parse(small.text)['error']).toBe('unsupported_grant_type')
  })

  test('asks for the code of a second factor by a header', async () => {
    await account.emulator.close()
    account = await signIn({ credentials: { otp: '123456', password: 'p' } })
    const first = await logInWithPassword()
    expect([first.status, first.headers['x-jottacloud-otp']]).toEqual([401, 'required; SMS'])
    expect((await logInWithPassword({ headers: { 'X-Jottacloud-Otp': '000000' } })).status).toBe(401)
    expect((await logInWithPassword({ headers: { 'X-Jottacloud-Otp': '123456' } })).status).toBe(200)
    const wrong = await logInWithPassword({ more: { password: 'x' }, headers: { 'X-Jottacloud-Otp': '123456' } })
    expect([wrong.status, wrong.headers['x-jottacloud-otp']]).toEqual([401, undefined])
  })

  test('is refreshed with rotation and detection of reuse, and not at the other endpoint', async () => {
    const first = tokensOf(await logInWithPassword())
    const next = tokensOf(await refresh(first.refresh_token))
    const modern = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: next.refresh_token })
    modern.set('client_id', DEFAULT_CLIENT.client_id)
    const elsewhere = `${account.urls.apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`
    expect((await ask(elsewhere, { method: 'POST', body: modern })).status).toBe(400)
    const reuse = await refresh(first.refresh_token)
    expect(reuse.status).toBe(400)
    expect(parse(reuse.text)).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('does not match the redirection URI'),
    })
    expect((await refresh(next.refresh_token)).status).toBe(400)
  })
})

describe('a registered machine', () => {
  test('gets a client of its own, from the query or from a form', async () => {
    const clients = [clientIn(await register({}, '?device_id=rclone-x')), clientIn(await register({ device_id: 'y' }))]
    expect(new Set(clients.map((client) => client['client_id'])).size).toBe(2)
    for (const client of clients) expect((await logInWithPassword({ client })).status).toBe(200)
    const [one] = clients
    expect((await logInWithPassword({ client: { ...one, client_secret: 'wrong' } })).status).toBe(401)
  })

  test('may send its secret in another form for a refresh, by a Basic header as well', async () => {
    const client = clientIn(await register({ device_id: 'y' }))
    const { refresh_token: token } = tokensOf(await logInWithPassword({ client }))
    const obscured = { client_id: client['client_id'] ?? '', client_secret: 'obscured' }
    const next = await refresh(token, obscured)
    expect(next.status).toBe(200)
    const body = new URLSearchParams({ grant_type: 'REFRESH_TOKEN', refresh_token: tokensOf(next).refresh_token })
    const basic = Buffer.from(`${obscured.client_id}:obscured`).toString('base64')
    const answer = await ask(tokenUrl(), { method: 'POST', headers: { Authorization: `Basic ${basic}` }, body })
    expect(answer.status).toBe(200)
  })

  test('is not registered without a name or with another token', async () => {
    expect((await register({})).status).toBe(400)
    expect((await register({ device_id: 'y' }, '', 'other')).status).toBe(401)
  })

  test('is still known after a restart, with its login', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'emulator-'))
    try {
      const first = createEmulator({ stateDir })
      account = requestsTo(first, await first.listen({ port: await freePort() }), account.tokens)
      const client = clientIn(await register({ device_id: 'y' }))
      const { refresh_token: token } = tokensOf(await logInWithPassword({ client }))
      await first.close()
      const second = createEmulator({ stateDir })
      account = requestsTo(second, await second.listen(), account.tokens)
      expect((await logInWithPassword({ client })).status).toBe(200)
      expect((await refresh(token, client)).status).toBe(200)
    } finally {
      await account.emulator.close()
      rmSync(stateDir, { recursive: true })
    }
  })
})
