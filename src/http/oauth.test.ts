import type { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { client } from '../../test/support/http-client.ts'
import { serve } from '../../test/support/local-server.ts'
import { timeFrom } from '../core/time.ts'
import type { HttpClient } from './types.ts'
import { passwordGrant, refreshToken, requestToken } from './oauth.ts'

const now = (): number => 1_700_000_000_000

/** Asks an endpoint that answers so; `asked` is the body it got, or the error. */
async function ask<T>(
  reply: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> },
  run: (endpoint: { client: HttpClient; tokenUrl: string; now: () => number }) => Promise<T>,
): Promise<{ readonly asked: string[]; readonly result: unknown }> {
  const asked: string[] = []
  await using server = await serve((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      asked.push(`${request.headers['content-type']} ${body}`)
      response.writeHead(reply.status, reply.headers ?? {}).end(reply.body)
    })
  })
  await using http = client()
  const endpoint = { client: http, tokenUrl: `${server.origin}/token`, now }
  const result: unknown = await run(endpoint).catch((error: unknown) => error)
  return { asked, result }
}

const full = JSON.stringify({
  access_token: 'acc',
  refresh_token: 'new',
  token_type: 'Bearer',
  expires_in: 3600,
})

describe('a refresh', () => {
  test('sends client and token as a form with sorted keys and reads the reply', async () => {
    const { asked, result } = await ask({ status: 200, body: full }, (endpoint) =>
      refreshToken({ ...endpoint, clientId: 'jottacli', refreshToken: 'old+/' }),
    )
    expect(asked).toEqual([
      'application/x-www-form-urlencoded client_id=jottacli&grant_type=refresh_token&refresh_token=old%2B%2F',
    ])
    expect(result).toEqual({
      accessToken: 'acc',
      refreshToken: 'new',
      tokenType: 'Bearer',
      expiry: timeFrom(now() + 3_600_000),
    })
  })

  test('keeps the old refresh token where the reply has none', async () => {
    const { result } = await ask({ status: 200, body: '{"access_token":"acc","expires_in":"60"}' }, (endpoint) =>
      refreshToken({ ...endpoint, clientId: 'jottacli', refreshToken: 'old' }),
    )
    expect(result).toMatchObject({ refreshToken: 'old', tokenType: 'Bearer', expiry: timeFrom(now() + 60_000) })
  })

  test('speaks to the legacy service in its own words', async () => {
    const { asked } = await ask({ status: 200, body: full }, (endpoint) =>
      refreshToken({ ...endpoint, clientId: 'id', clientSecret: 's', refreshToken: 'r', grantType: 'REFRESH_TOKEN' }),
    )
    expect(asked[0]).toContain('client_id=id&client_secret=s&grant_type=REFRESH_TOKEN&refresh_token=r')
  })

  test.each([
    [400, '{"error":"invalid_grant","error_description":"Stale token old-secret"}', 'auth', 'no', 'none'],
    [401, '', 'auth', 'no', 'none'],
    [400, '<html>', 'protocol', 'no', 'none'],
    [400, '{"error":"unsupported_grant_type"}', 'protocol', 'no', 'none'],
    [429, '{}', 'rate-limited', 'later', 'none'],
    [503, '', 'unavailable', 'later', 'unknown'],
    [200, '{}', 'protocol', 'no', 'unknown'],
  ])('status %d with %s is %s, after one request', async (status, body, code, retry, effect) => {
    const { asked, result } = await ask({ status, body, headers: { 'retry-after': '7' } }, (endpoint) =>
      refreshToken({ ...endpoint, clientId: 'jottacli', refreshToken: 'old-secret' }),
    )
    expect(result).toMatchObject({ code, retry, effect })
    expect(String(result)).not.toContain('old-secret')
    expect(asked).toHaveLength(1)
  })

  test("OAuth's word and the time to wait are told", async () => {
    const body = '{"error":"invalid_grant","error_description":"Session not active"}'
    const { result } = await ask({ status: 400, body, headers: { 'retry-after': '7' } }, (endpoint) =>
      refreshToken({ ...endpoint, clientId: 'jottacli', refreshToken: 'r' }),
    )
    expect(result).toMatchObject({ details: { status: 400, system: 'invalid_grant', retryAfter: 7000 } })
    expect(String(result)).toContain('Session not active')
  })
})

describe('a login', () => {
  test('sends name and secret with the scopes', async () => {
    const { asked, result } = await ask({ status: 200, body: full }, (endpoint) =>
      passwordGrant({ ...endpoint, clientId: 'jottacli', username: 'u1', password: 'p' }),
    )
    expect(asked[0]).toContain(
      'client_id=jottacli&grant_type=password&password=p&scope=openid+offline_access&username=u1',
    )
    expect(result).toMatchObject({ accessToken: 'acc', refreshToken: 'new' })
  })

  test('without a refresh token in the reply makes no sense', async () => {
    const { result } = await ask({ status: 200, body: '{"access_token":"a"}' }, (endpoint) =>
      passwordGrant({ ...endpoint, clientId: 'jottacli', username: 'u', password: 'p' }),
    )
    expect(result).toMatchObject({ code: 'protocol' })
  })
})

test('a reply without a lifetime is a token that does not expire by the clock', async () => {
  const { result } = await ask({ status: 200, body: '{"access_token":"a"}' }, (endpoint) =>
    requestToken({ ...endpoint, form: { grant_type: 'authorization_code', code: 'c' } }),
  )
  expect(result).toMatchObject({ expiry: timeFrom(Date.parse('0001-01-01T00:00:00Z')), refreshToken: undefined })
})
