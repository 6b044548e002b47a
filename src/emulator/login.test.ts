import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, logIn, parse, readLoginToken, signIn, tokensOf, type Answer, type SignedIn } from './signed-in.ts'

let now = 1_750_000_000_000
let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

function tokenUrl(): string {
  return `${account.urls.apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`
}

function refresh(token: string, client: Record<string, string> = { client_id: 'jottacli' }): Promise<Answer> {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, ...client })
  return ask(tokenUrl(), { method: 'POST', body })
}

function customer(accessToken: string): Promise<Answer> {
  return ask(`${account.urls.apiUrl}account/v1/customer`, { headers: { Authorization: `Bearer ${accessToken}` } })
}

function claims(token: string): Record<string, unknown> {
  return parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

function errorOf(answer: Answer): string {
  return String(parse(answer.text)['error'])
}

describe('login token', () => {
  test('is unpadded base64url of the user name, realm, discovery link and secret', () => {
    const token = account.emulator.createLoginToken()
    expect(token).toMatch(/^[\w-]+$/)
    expect(readLoginToken(token)).toEqual({
      username: account.emulator.username,
      realm: 'jottacloud',
      well_known_link: `${account.urls.apiUrl}auth/realms/jottacloud/.well-known/openid-configuration`,
      auth_token: expect.any(String),
    })
  })

  test('is good for one login only', async () => {
    const token = account.emulator.createLoginToken()
    expect((await logIn(token)).status).toBe(200)
    const second = await logIn(token)
    expect(second.status).toBe(400)
    expect(parse(second.text)).toEqual({ error: 'invalid_grant', error_description: 'Invalid user credentials' })
  })

  test('is not used up by a login with a wrong user or an unknown client', async () => {
    const token = account.emulator.createLoginToken()
    expect(errorOf(await logIn(token, { username: 'somebody' }))).toBe('invalid_grant')
    expect(errorOf(await logIn(token, { client_id: 'nobody' }))).toBe('unauthorized_client')
    expect((await logIn(token)).status).toBe(200)
  })

  test('gives tokens that say who the user is', async () => {
    const set = parse((await logIn(account.emulator.createLoginToken())).text)
    expect(set).toMatchObject({ expires_in: 3600, refresh_expires_in: 0, token_type: 'Bearer' })
    expect(set['scope']).toBe('openid email offline_access')
    expect(claims(String(set['access_token']))['username']).toBe(account.emulator.username)
    for (const name of ['access_token', 'refresh_token']) {
      expect(
        String(claims(String(set[name]))['sub'])
          .split(':')
          .at(-1),
      ).toBe(account.emulator.username)
    }
  })
})

describe('refresh', () => {
  test('gives a new refresh token each time', async () => {
    const first = await refresh(account.tokens.refresh_token)
    expect(first.status).toBe(200)
    const second = await refresh(tokensOf(first).refresh_token)
    expect(second.status).toBe(200)
    expect(tokensOf(second).refresh_token).not.toBe(tokensOf(first).refresh_token)
  })

  test('with a used token ends the whole login, but not access tokens nor other logins', async () => {
    const other = tokensOf(await logIn(account.emulator.createLoginToken()))
    const next = tokensOf(await refresh(account.tokens.refresh_token))
    const reuse = await refresh(account.tokens.refresh_token)
    expect(reuse.status).toBe(400)
    expect(errorOf(reuse)).toBe('invalid_grant')
    expect((await refresh(next.refresh_token)).status).toBe(400)
    expect((await customer(next.access_token)).status).toBe(200)
    expect((await refresh(other.refresh_token)).status).toBe(200)
  })

  test('takes the client from a Basic header with an empty secret', async () => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: account.tokens.refresh_token })
    const headers = { Authorization: `Basic ${Buffer.from('jottacli:').toString('base64')}` }
    expect((await ask(tokenUrl(), { method: 'POST', headers, body })).status).toBe(200)
  })

  test('by a client that does not fit is refused and uses nothing up', async () => {
    for (const client of [{}, { client_id: 'desktop' }]) {
      const answer = await refresh(account.tokens.refresh_token, client)
      expect(answer.status).toBe(400)
      expect(errorOf(answer)).toBe('invalid_grant')
    }
    expect((await refresh(account.tokens.refresh_token)).status).toBe(200)
  })

  test('refuses access tokens, forged tokens and other grants', async () => {
    expect(errorOf(await refresh(account.tokens.access_token))).toBe('invalid_grant')
    const [header, payload] = account.tokens.refresh_token.split('.')
    expect(errorOf(await refresh(`${header}.${payload}.x`))).toBe('invalid_grant')
    const shouting = new URLSearchParams({ grant_type: 'REFRESH_TOKEN', refresh_token: account.tokens.refresh_token })
    expect(errorOf(await ask(tokenUrl(), { method: 'POST', body: shouting }))).toBe('unsupported_grant_type')
    expect(errorOf(await ask(tokenUrl(), { method: 'POST', body: '' }))).toBe('invalid_request')
  })
})

describe('access', () => {
  test('ends when the token expires', async () => {
    now += 3_599_000
    expect((await customer(account.tokens.access_token)).status).toBe(200)
    now += 1000
    const json = await customer(account.tokens.access_token)
    expect(json.status).toBe(401)
    expect(parse(json.text)).toMatchObject({ code: 401, error_id: 'BadCredentialsException' })
    const xml = await account.get('')
    expect(xml.status).toBe(401)
    expect(xml.text).toContain('<code>401</code>')
    expect(xml.text).toContain(
      '<message>org.springframework.security.authentication.BadCredentialsException: Bad credentials</message>',
    )
  })

  test('is not given for a refresh token or without a token', async () => {
    expect((await customer(account.tokens.refresh_token)).status).toBe(401)
    expect((await ask(`${account.urls.apiUrl}account/v1/customer`)).status).toBe(401)
  })

  test('to the paths of another user is refused', async () => {
    const headers = { Authorization: `Bearer ${account.tokens.access_token}` }
    const other = await ask(`${account.urls.jfsUrl}somebody/Jotta`, { headers })
    expect(other.status).toBe(401)
    expect(other.text).toContain('AuthenticationCredentialsNotFoundException: Token mismatch!')
    const mail = await ask(`${account.urls.jfsUrl}me%40example.com/Jotta`, { headers })
    expect(mail.status).toBe(400)
    expect(mail.text).toContain('UsernameNotFoundException: Username not found in url!')
    expect((await ask(`${account.urls.jfsUrl}${account.emulator.username.toUpperCase()}`, { headers })).status).toBe(
      200,
    )
  })

  test('shows the account', async () => {
    expect(parse((await customer(account.tokens.access_token)).text)).toMatchObject({
      username: account.emulator.username,
      usage: 0,
      quota: 2 ** 40,
      locked_cause: null,
    })
    const userinfo = tokenUrl().replace(/token$/, 'userinfo')
    const answer = await ask(userinfo, { headers: { Authorization: `Bearer ${account.tokens.access_token}` } })
    expect(parse(answer.text)).toMatchObject({ preferred_username: account.emulator.username })
  })
})
