import { describe, expect, test } from 'vitest'
import type { HttpResponse } from '../../../http/types.ts'
import { failureOf } from './failure.ts'

const get = { remote: 'jotta', operation: 'stat', path: 'dir/x', repeatable: true }

function reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    header: (name) => headers[name],
    body: { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) },
    text: () => Promise.resolve(body),
    discard: () => Promise.resolve(),
  }
}

function xml(code: number, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n\n<error>\n  <code>${code}</code>\n  <message>${message}</message>
  <reason>Not Found</reason>\n  <cause></cause>\n  <hostname></hostname>\n  <x-id>012345678901</x-id>\n</error>`
}

describe('an error reply', () => {
  test('of JFS says what and where, with the class of the exception', async () => {
    const body = xml(404, 'no.jotta.backup.errors.NoSuchPathException: Directory /u/Jotta/Archive/dir/x')
    const error = await failureOf(reply(404, body), get)
    expect(error).toMatchObject({
      code: 'not-found',
      retry: 'no',
      effect: 'none',
      details: { status: 404, path: 'dir/x', operation: 'stat', remote: 'jotta' },
    })
    expect(error.message).toBe(
      'stat jotta:dir/x: the service answered 404 NoSuchPathException Directory /u/Jotta/Archive/dir/x',
    )
  })

  test('of JFS counts by its own code, not by the status', async () => {
    expect(await failureOf(reply(500, xml(404, 'x')), get)).toMatchObject({ code: 'not-found' })
    expect(await failureOf(reply(404, xml(0, 'x')), get)).toMatchObject({ code: 'not-found' })
  })

  test('of the JSON API counts by its status', async () => {
    const body = '{"code":1,"message":"no","cause":null,"error_id":"UniqueFileException","x-id":"012345678901"}'
    expect(await failureOf(reply(409, body), get)).toMatchObject({ code: 'exists', details: { status: 409 } })
  })

  test('that is neither counts by its status', async () => {
    expect(await failureOf(reply(400, '<html>Bad request</html>'), get)).toMatchObject({ code: 'invalid-name' })
    expect(await failureOf(reply(400, ''), { ...get, path: undefined })).toMatchObject({ code: 'invalid-argument' })
    expect(await failureOf(reply(400, xml(400, 'a.UsernameNotFoundException: x')), get)).toMatchObject({
      code: 'invalid-argument',
    })
    expect(await failureOf(reply(418, '{"error":'), get)).toMatchObject({ code: 'protocol' })
  })

  test('that repeats a credential is shown without it', async () => {
    const error = await failureOf(
      reply(401, xml(401, 'Bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig in Bearer abcDEF123')),
      get,
    )
    expect(error.message).toContain('Bad token XXXX in Bearer XXXX')
  })

  test('is short, however long the reply', async () => {
    const error = await failureOf(reply(404, xml(404, 'x'.repeat(10_000))), get)
    expect(error.message.length).toBeLessThan(400)
  })

  test.each([
    [401, 'auth', 'no'],
    [403, 'permission', 'no'],
    [421, 'corrupt', 'later'],
    [423, 'locked', 'no'],
    [429, 'rate-limited', 'given-up'],
    [503, 'unavailable', 'given-up'],
    [507, 'quota', 'no'],
  ])('%i is %s, retry %s', async (status, code, retry) => {
    expect(await failureOf(reply(status, ''), get)).toMatchObject({ code, retry })
  })

  test('tells the user what to do', async () => {
    expect((await failureOf(reply(401, ''), get)).details.hint).toContain('fjord config reconnect jotta:')
    expect((await failureOf(reply(507, ''), get)).details.hint).toContain('fjord about jotta:')
  })

  test('to what may have had an effect leaves it open', async () => {
    const attempt = { ...get, repeatable: false, changes: true }
    const error = await failureOf(reply(503, '', { 'retry-after': '7' }), attempt)
    expect(error).toMatchObject({ retry: 'later', effect: 'unknown', details: { retryAfter: 7000 } })
  })
})
