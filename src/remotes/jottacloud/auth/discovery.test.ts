import { expect, test } from 'vitest'
import { quickHttp } from '../../../../test/support/emulated-jottacloud.ts'
import { serve } from '../../../../test/support/local-server.ts'
import { silent } from '../../../core/context.ts'
import { createHttpClient } from '../../../http/client.ts'
import { discover } from './discovery.ts'

async function discovered(
  answer: Parameters<typeof serve>[0],
  patience?: number,
): Promise<{ readonly host: string; readonly outcome: unknown }> {
  await using server = await serve(answer)
  const client = createHttpClient({ ...quickHttp, attempts: 2 }, silent)
  const url = `${server.origin}/.well-known/openid-configuration`
  const outcome = await discover(client, url, new AbortController().signal, patience).catch((error: unknown) => error)
  await client.close()
  return { host: new URL(url).host, outcome }
}

test.each([
  ['a page', 200, '<html>hi</html>', 'protocol', 'named no safe address to log in at'],
  ['an address that is not safe', 200, '{"token_endpoint":"http://example.com/"}', 'protocol', 'named no safe address'],
  ['an error', 500, '', 'unavailable', 'the service answered 500'],
  ['a refusal', 403, '', 'permission', 'the service answered 403'],
])('where one logs in is named with what it did and what to do: %s', async (_, status, body, code, said) => {
  const { host, outcome } = await discovered((_request, response) => void response.writeHead(status).end(body))
  expect(outcome).toMatchObject({
    code,
    message: expect.stringContaining(`login ${host}: ${said}`),
    details: { hint: expect.stringContaining(`${host}, where one logs in, does not answer as it should`) },
  })
})

test('one that says nothing is not waited for as long as for the answers that are large', async () => {
  const { host, outcome } = await discovered(() => undefined, 50)
  expect(outcome).toMatchObject({ code: 'timeout', message: `login ${host}: no answer within 0.05 s` })
})
