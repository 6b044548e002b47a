import { createHash, createPublicKey, verify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { REALMS } from './logins/realms.ts'
import { ask, logIn, parse, signIn, tokensOf, type Answer, type SignedIn } from './signed-in.ts'

let now = 1_750_000_000_000
let account: SignedIn
const REDIRECT = 'http://localhost:53682/'

beforeEach(async () => {
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

function endpoint(name: string, realm = 'jottacloud'): string {
  return `${account.urls.apiUrl}auth/realms/${realm}/protocol/openid-connect/${name}`
}

interface Wish {
  readonly realm?: string
  readonly query?: Record<string, string>
  readonly form?: Record<string, string>
}

function authorizationUrl({ realm = 'jottacloud', query = {} }: Wish = {}): string {
  const base = { access_type: 'offline', client_id: 'desktop', redirect_uri: REDIRECT, response_type: 'code' }
  const scope = 'openid jotta-default offline_access'
  return `${endpoint('auth', realm)}?${new URLSearchParams({ ...base, scope, state: 's t&', ...query }).toString()}`
}

/** Posts the form of the page, as a browser does. */
function submit(wish: Wish = {}): Promise<Answer> {
  const { email: username, password } = account.emulator.credentials
  const body = new URLSearchParams({ username, password, ...wish.form })
  return ask(authorizationUrl(wish), { method: 'POST', body })
}

function locationOf(answer: Answer): URL {
  expect(answer.status).toBe(302)
  return new URL(answer.headers.location ?? '')
}

async function codeFor(wish: Wish = {}): Promise<string> {
  return locationOf(await submit(wish)).searchParams.get('code') ?? ''
}

function exchange(code: string, more: Record<string, string> = {}, realm = 'jottacloud'): Promise<Answer> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, client_id: 'desktop', ...more }
  return ask(endpoint('token', realm), { method: 'POST', body: new URLSearchParams(form) })
}

function refresh(token: string, realm = 'jottacloud', client = 'desktop'): Promise<Answer> {
  const form = { grant_type: 'refresh_token', refresh_token: token, client_id: client }
  return ask(endpoint('token', realm), { method: 'POST', body: new URLSearchParams(form) })
}

async function logOut(token: string): Promise<number> {
  const body = new URLSearchParams({ client_id: 'desktop', refresh_token: token })
  return (await ask(endpoint('logout'), { method: 'POST', body })).status
}

async function discovery(): Promise<Record<string, unknown>> {
  return parse((await ask(`${account.urls.apiUrl}auth/realms/elko/.well-known/openid-configuration`)).text)
}

function errorOf(answer: Answer): string {
  expect(answer.status).toBe(400)
  return String(parse(answer.text)['error'])
}

describe('the sign-in page', () => {
  test('has a form, and shows it again after a wrong password', async () => {
    const page = await ask(authorizationUrl())
    expect(page.status).toBe(200)
    expect(page.text).toContain('<form method="post">')
    const again = await submit({ form: { password: 'wrong' } })
    expect(again.status).toBe(200)
    expect(again.text).toContain('Invalid user name or password')
  })

  test('sends the person back with the state and a code', async () => {
    const back = locationOf(await submit())
    expect(back.origin + back.pathname).toBe(REDIRECT)
    expect(back.searchParams.get('state')).toBe('s t&')
    expect(back.searchParams.get('code')).toMatch(/^[\w-]{43}$/)
    expect((await submit({ form: { username: account.emulator.username } })).status).toBe(302)
  })

  test.each([
    ['an unknown client', { client_id: '<b>nobody' }],
    ['the client of another kind of login', { client_id: 'jottacli' }],
    ['an address that is not on this machine', { redirect_uri: 'http://localhost.example.com/' }],
    ['an address that is no http', { redirect_uri: 'https://localhost/' }],
  ])('sends nobody anywhere for %s', async (_, query) => {
    for (const answer of [await ask(authorizationUrl({ query })), await submit({ query })]) {
      expect(answer.status).toBe(400)
      expect(answer.headers.location).toBeUndefined()
      expect(answer.text).not.toContain('<b>')
    }
  })

  test.each([
    ['invalid_scope', { scope: 'openid everything' }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { code_challenge: 'short', code_challenge_method: 'S256' }],
    ['invalid_request', { code_challenge: 'x'.repeat(43), code_challenge_method: 'S512' }],
  ])('tells the client %s', async (error, query) => {
    const back = locationOf(await submit({ query }))
    expect(Object.fromEntries(back.searchParams)).toEqual({ state: 's t&', error })
  })

  test('asks for the code of a second factor', async () => {
    await account.emulator.close()
    account = await signIn({ now: () => now, credentials: { otp: '123456' } })
    expect((await ask(authorizationUrl())).text).toContain('name="otp"')
    expect((await submit()).text).toContain('Invalid one-time code')
    expect((await submit({ form: { otp: '123-456' } })).status).toBe(302)
  })
})

describe('the security page', () => {
  test('gives a personal login token to who signs in', async () => {
    const url = `${account.urls.wwwUrl}web/secure`
    expect((await ask(url)).text).toContain('<form method="post">')
    const { email: username, password } = account.emulator.credentials
    const wrong = await ask(url, { method: 'POST', body: new URLSearchParams({ username, password: 'x' }) })
    expect(wrong.text).toContain('Invalid user name or password')
    const page = await ask(url, { method: 'POST', body: new URLSearchParams({ username, password }) })
    const [, token = ''] = /<code>([\w-]+)<\/code>/.exec(page.text) ?? []
    expect((await logIn(token)).status).toBe(200)
  })
})

describe('a code', () => {
  test('becomes a login whose identity token can be checked', async () => {
    const set = parse((await exchange(await codeFor({ query: { nonce: 'n1' } }))).text)
    expect(set).toMatchObject({ token_type: 'Bearer', scope: 'openid jotta-default offline_access' })
    const headers = { Authorization: `Bearer ${String(set['access_token'])}` }
    const customer = await ask(`${account.urls.apiUrl}account/v1/customer`, { headers })
    expect(parse(customer.text)['username']).toBe(account.emulator.username)
    const [header = '', payload = '', signature = ''] = String(set['id_token']).split('.')
    const claims = parse(Buffer.from(payload, 'base64url').toString())
    const document = parse((await ask(endpoint('../../.well-known/openid-configuration'))).text)
    expect(claims).toMatchObject({ iss: document['issuer'], aud: 'desktop', nonce: 'n1' })
    const { keys } = JSON.parse((await ask(String(document['jwks_uri']))).text)
    const key = createPublicKey({ key: keys[0], format: 'jwk' })
    const signed = Buffer.from(`${header}.${payload}`)
    const given = Buffer.from(signature, 'base64url')
    expect(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, given)).toBe(true)
  })

  test('is good once, and its second use ends the login that came of it', async () => {
    const code = await codeFor()
    const tokens = tokensOf(await exchange(code))
    expect(errorOf(await exchange(code))).toBe('invalid_grant')
    expect(errorOf(await refresh(tokens.refresh_token))).toBe('invalid_grant')
  })

  test('is good for a minute, its own client, realm and address, and for them only', async () => {
    const code = await codeFor()
    expect(errorOf(await exchange(code, { redirect_uri: 'http://localhost:1/' }))).toBe('invalid_grant')
    expect(errorOf(await exchange(code, { client_id: 'jottacli' }))).toBe('unauthorized_client')
    expect(errorOf(await exchange(code, {}, 'elkjop'))).toBe('invalid_grant')
    expect((await exchange(code)).status).toBe(200)
    const old = await codeFor()
    now += 60_000
    expect(errorOf(await exchange(old))).toBe('invalid_grant')
  })

  test('takes the client from a Basic header', async () => {
    const form = { grant_type: 'authorization_code', code: await codeFor(), redirect_uri: REDIRECT }
    const headers = { Authorization: `Basic ${Buffer.from('desktop:').toString('base64')}` }
    const answer = await ask(endpoint('token'), { method: 'POST', headers, body: new URLSearchParams(form) })
    expect(answer.status).toBe(200)
  })

  test('with a PKCE challenge needs the verifier, and without one bears none', async () => {
    const verifier = 'v'.repeat(43)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const query = { code_challenge: challenge, code_challenge_method: 'S256' }
    const code = await codeFor({ query })
    expect(errorOf(await exchange(code))).toBe('invalid_grant')
    expect(errorOf(await exchange(code, { code_verifier: 'w'.repeat(43) }))).toBe('invalid_grant')
    expect((await exchange(code, { code_verifier: verifier })).status).toBe(200)
    expect(errorOf(await exchange(await codeFor(), { code_verifier: verifier }))).toBe('invalid_grant')
  })
})

describe('a login in the browser', () => {
  test('ends the one before it, but no other kind', async () => {
    const first = tokensOf(await exchange(await codeFor()))
    const elsewhere = { realm: 'elkjop' }
    const second = tokensOf(await exchange(await codeFor(elsewhere), {}, 'elkjop'))
    expect(errorOf(await refresh(first.refresh_token))).toBe('invalid_grant')
    expect((await refresh(second.refresh_token, 'elkjop')).status).toBe(200)
    expect((await refresh(account.tokens.refresh_token, 'jottacloud', 'jottacli')).status).toBe(200)
  })

  test('is refreshed in its own realm only, with rotation and detection of reuse', async () => {
    const first = tokensOf(await exchange(await codeFor()))
    expect(errorOf(await refresh(first.refresh_token, 'elkjop'))).toBe('invalid_grant')
    const next = tokensOf(await refresh(first.refresh_token))
    expect(errorOf(await refresh(first.refresh_token))).toBe('invalid_grant')
    expect(errorOf(await refresh(next.refresh_token))).toBe('invalid_grant')
  })

  test('ends by logging out and by being revoked', async () => {
    const first = tokensOf(await exchange(await codeFor()))
    expect(await logOut(first.refresh_token)).toBe(204)
    expect(errorOf(await refresh(first.refresh_token))).toBe('invalid_grant')
    const second = tokensOf(await exchange(await codeFor()))
    account.emulator.revokeLogins()
    expect(errorOf(await refresh(second.refresh_token))).toBe('invalid_grant')
    expect(errorOf(await refresh(account.tokens.refresh_token, 'jottacloud', 'jottacli'))).toBe('invalid_grant')
    expect((await account.get('/Jotta')).status).toBe(200)
  })
})

describe('realms', () => {
  // docs/protocol.md §2.5
  test.each([
    ['jottacloud', 'desktop', 'openid jotta-default offline_access'],
    ['elgiganten', 'desktop', 'openid jotta-default offline_access'],
    ['elkjop', 'desktop', 'openid jotta-default offline_access'],
    ['elko', 'desktop', 'openid jotta-default offline_access'],
    ['gigantti', 'desktop', 'openid jotta-default offline_access'],
    ['letsgo', 'desktop-win', 'openid offline_access'],
    ['mediamarkt', 'desktop', 'openid jotta-default offline_access'],
    ['onlime_wl', 'desktop', 'openid jotta-default offline_access'],
    ['phonero', 'desktop-win', 'openid offline_access'],
    ['phonero', 'desktop-mac', 'openid offline_access'],
    ['comhem', 'desktop', 'openid jotta-default offline_access'],
    ['get', 'desktop', 'openid jotta-default offline_access'],
    ['telia_se', 'desktop', 'openid jotta-default offline_access'],
  ])('%s lets %s in', async (realm, client, scope) => {
    const answer = await ask(`${account.urls.apiUrl}auth/realms/${realm}/.well-known/openid-configuration`)
    expect(parse(answer.text)).toMatchObject({ token_endpoint: endpoint('token', realm) })
    const code = await codeFor({ realm, query: { client_id: client, scope } })
    const set = parse((await exchange(code, { client_id: client }, realm)).text)
    expect(set['scope']).toBe(scope)
    const headers = { Authorization: `Bearer ${String(set['access_token'])}` }
    expect(parse((await ask(endpoint('userinfo', realm), { headers })).text)).toMatchObject({ realm })
  })

  test('phonero takes neither the client nor the scope of the others', async () => {
    const client = await ask(authorizationUrl({ realm: 'phonero' }))
    expect(client.status).toBe(400)
    const scope = await submit({ realm: 'phonero', query: { client_id: 'desktop-win' } })
    expect(locationOf(scope).searchParams.get('error')).toBe('invalid_scope')
  })

  test('that do not exist are not found, and login tokens are for one only', async () => {
    const unknown = await ask(`${account.urls.apiUrl}auth/realms/nowhere/.well-known/openid-configuration`)
    expect([unknown.status, parse(unknown.text)]).toEqual([404, { error: 'Realm does not exist' }])
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'jottacli', username: 'u', password: 'p' })
    expect(errorOf(await ask(endpoint('token', 'elko'), { method: 'POST', body }))).toBe('unauthorized_client')
    expect(REALMS.size).toBe(12)
  })

  test('say that PKCE is possible, unless told not to', async () => {
    expect((await discovery())['code_challenge_methods_supported']).toContain('S256')
    await account.emulator.close()
    account = await signIn({ now: () => now, offersPkce: false })
    expect(await discovery()).not.toHaveProperty('code_challenge_methods_supported')
  })
})
