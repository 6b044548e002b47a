import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { client, get } from '../../test/support/http-client.ts'
import { serve } from '../../test/support/local-server.ts'
import type { Logger } from '../core/context.ts'
import type { DumpFlag } from '../core/env.ts'
import type { HttpRequest } from './types.ts'

const login: Partial<HttpRequest> = {
  method: 'POST',
  headers: { authorization: 'Bearer abcDEF123' },
  body: 'grant_type=refresh_token&refresh_token=geheim1',
}

async function dumped(
  flags: readonly DumpFlag[],
  request: Partial<HttpRequest> = login,
  level = true,
): Promise<string[]> {
  await using server = await serve((asked, response) => {
    asked.resume().on('end', () => {
      response.setHeader('Date', 'then').setHeader('Set-Cookie', ['a=geheim2', 'b=geheim3'])
      response.end('{"access_token":"geheim4"}')
    })
  })
  const lines: string[] = []
  const log: Logger = { enabled: () => level, log: ({ text }) => lines.push(text) }
  await using http = client({ userAgent: 'fjord/1', dump: new Set(flags) }, log)
  const response = await http.request(get(`${server.origin}/t?x=1`, request))
  expect(await response.text()).toBe('{"access_token":"geheim4"}')
  return lines.map((line) => line.replaceAll(`:${server.port}`, ''))
}

test('bodies are framed and shown without secrets', async () => {
  const lines = await dumped(['bodies'])
  expect(lines).toEqual([
    '>'.repeat(60),
    'HTTP REQUEST (req 0x0000000001)',
    [
      'POST /t?x=1 HTTP/1.1',
      'Host: 127.0.0.1',
      'User-Agent: fjord/1',
      'Authorization: XXXX',
      'Content-Length: 46',
      '',
      'grant_type=refresh_token&refresh_token=XXXX',
    ].join('\n'),
    '>'.repeat(60),
    '<'.repeat(60),
    'HTTP RESPONSE (req 0x0000000001)',
    expect.stringMatching(
      /^HTTP\/1.1 200 OK\nDate: then\nSet-Cookie: XXXX\nSet-Cookie: XXXX\n[^{]*\n\n\{"access_token":"XXXX"\}$/,
    ),
    '<'.repeat(60),
  ])
})

test.each([
  [['headers'], false, false],
  [['requests'], true, false],
  [['responses'], false, true],
  [['bodies'], true, true],
] as const)('--dump %s shows the bodies of requests: %s, of answers: %s', async (flags, request, response) => {
  const text = (await dumped([...flags, 'auth'])).join('\n')
  expect([text.includes('geheim1'), text.includes('geheim4')]).toEqual([request, response])
  expect(text).toContain('Bearer abcDEF123')
  expect(text).toContain('geheim2')
})

test('a streamed body is shown and sent', async () => {
  const body = {
    length: 5,
    async *stream(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('bytes'))
    },
  }
  expect((await dumped(['bodies'], { method: 'POST', body })).join('\n')).toContain('Content-Length: 5\n\nbytes')
  expect((await dumped(['headers'], { method: 'POST', body })).join('\n')).toContain('Content-Length: 5\n')
})

test('nothing is written without flags, with auth alone, or below DEBUG', async () => {
  expect(await dumped([])).toEqual([])
  expect(await dumped(['auth'])).toEqual([])
  expect(await dumped(['bodies'], login, false)).toEqual([])
})
