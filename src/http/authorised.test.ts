import { describe, expect, test } from 'vitest'
import { StorageError } from '../core/errors.ts'
import { sleep } from '../util/async.ts'
import { authorised } from './authorised.ts'
import type { TokenSource } from './tokens.ts'
import type { HttpClient, HttpRequest, HttpResponse } from './types.ts'

const request: HttpRequest = { method: 'POST', url: 'http://x/', repeatable: false, operation: 'allocate' }

function answer(status: number, discarded: () => void): HttpResponse {
  return {
    status,
    header: () => undefined,
    body: (async function* () {})(),
    text: () => Promise.resolve(''),
    discard() {
      discarded()
      return Promise.resolve()
    },
  }
}

/** A service that takes only `good`. */
function service(good: string): HttpClient & { readonly seen: string[]; discarded: number; closed: boolean } {
  const state = {
    seen: [] as string[],
    discarded: 0,
    closed: false,
    request: (asked: HttpRequest) => {
      const header = asked.headers?.['authorization'] ?? ''
      state.seen.push(header)
      return Promise.resolve(answer(header === `Bearer ${good}` ? 200 : 401, () => state.discarded++))
    },
    close() {
      state.closed = true
      return Promise.resolve()
    },
  }
  return state
}

function tokens(first: string, second: string): TokenSource {
  return {
    get: () => Promise.resolve(first),
    refused: () => Promise.resolve(second),
    settled: () => Promise.resolve(),
  }
}

describe('an authorised client', () => {
  test('sends the token', async () => {
    const http = service('a')
    expect((await authorised(http, tokens('a', 'b')).request(request)).status).toBe(200)
    expect(http.seen).toEqual(['Bearer a'])
  })

  test('asks once more with another token after a 401, even what is not repeatable', async () => {
    const http = service('b')
    expect((await authorised(http, tokens('a', 'b')).request(request)).status).toBe(200)
    expect(http.seen).toEqual(['Bearer a', 'Bearer b'])
    expect(http.discarded).toBe(1)
  })

  test('hands out the second 401', async () => {
    const http = service('c')
    expect((await authorised(http, tokens('a', 'b')).request(request)).status).toBe(401)
    expect(http.seen).toHaveLength(2)
  })

  test('hands out the first 401, unread, where there is no other token', async () => {
    const http = service('c')
    expect((await authorised(http, tokens('a', 'a')).request(request)).status).toBe(401)
    expect(http.seen).toHaveLength(1)
    expect(http.discarded).toBe(0)
  })

  test('an error of the refresh is thrown and the answer is done with', async () => {
    const http = service('c')
    const failure = new StorageError('auth', 'over')
    const source = { ...tokens('a', 'b'), refused: () => Promise.reject(failure) }
    await expect(authorised(http, source).request(request)).rejects.toBe(failure)
    expect(http.discarded).toBe(1)
  })

  test('an abort does not wait for a refresh, and does not end it; closing waits', async () => {
    const http = service('a')
    let finished = false
    const refresh = sleep(60).then(() => {
      finished = true
      return 'a'
    })
    const source = { ...tokens('a', 'b'), get: () => refresh, settled: () => refresh.then(() => undefined) }
    const controller = new AbortController()
    const client = authorised(http, source)
    const pending = client.request({ ...request, signal: controller.signal })
    const reason = new Error('stop')
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
    expect([finished, http.seen]).toEqual([false, []])
    await client.close()
    expect([finished, http.closed]).toEqual([true, true])
  })
})

async function* abc(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('abc'))
}

test('a stream whose token is refused on the way is not sent again from here, but with a new token from where it got to', async () => {
  const inner = service('new')
  const source: TokenSource = {
    get: () => Promise.resolve('old'),
    refused: () => Promise.resolve('new'),
    settled: () => Promise.resolve(),
  }
  const sent = authorised(inner, source).request({ ...request, body: { length: 3, stream: abc } })
  await expect(sent).rejects.toMatchObject({ code: 'auth', retry: 'later' })
  expect(inner.seen).toEqual(['Bearer old'])
  const empty = await authorised(inner, source).request({ ...request, body: { length: 0, stream: abc } })
  expect(empty.status).toBe(200)
})
