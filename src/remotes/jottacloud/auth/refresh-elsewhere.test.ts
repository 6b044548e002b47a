import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serve } from '../../../../test/support/local-server.ts'
import { quickHttp } from '../../../../test/support/emulated-jottacloud.ts'
import type { Renewal } from '../../../core/token.ts'
import { refreshElsewhere } from './refresh-elsewhere.ts'
import { runRefreshHelper } from './refresh-helper.ts'
import { readAnswer, type RefreshJob } from './refresh-job.ts'

let dir = ''
let begun: (number | undefined)[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'refresh-'))
  begun = []
})
afterEach(() => rm(dir, { recursive: true }))

const { dump: _, ...http } = quickHttp
const credentials = {
  tokenUrl: 'http://127.0.0.1:1/',
  clientId: 'jottacli',
  clientSecret: '',
  grantType: 'refresh_token',
}
const job = { credentials, refreshToken: 'spent', http }
const renewal = (): Renewal => ({
  interrupted: undefined,
  leaveAt: join(dir, 'tokens/left.json'),
  begin(helper) {
    begun.push(helper)
    return Promise.resolve()
  },
})
const node = (script: string): string[] => [process.execPath, '-e', script]

describe('a refresh by a helper', () => {
  test('hands it the job, after its process was noted', async () => {
    const echo = node(`
      let text = ''
      process.stdin.on('data', (chunk) => (text += chunk)).on('end', () => {
        const { refreshToken, leaveAt } = JSON.parse(text)
        const token = { access_token: refreshToken, refresh_token: leaveAt, expiry: '2026-01-01T00:00:00Z' }
        console.log(JSON.stringify({ token: JSON.stringify(token) }))
      })`)
    const token = await refreshElsewhere(echo, job, renewal())
    expect(token).toMatchObject({ accessToken: 'spent', refreshToken: join(dir, 'tokens/left.json') })
    expect(begun).toEqual([expect.any(Number)])
  })

  test('that cannot be started is made by the process itself', async () => {
    expect(await refreshElsewhere([join(dir, 'missing')], job, renewal())).toBeUndefined()
    expect(begun).toEqual([])
  })

  test('that dies leaves it unknown what became of the token', async () => {
    const dead = refreshElsewhere(node('process.exit(3)'), job, renewal())
    await expect(dead).rejects.toMatchObject({ effect: 'unknown', retry: 'later' })
  })

  test('is not made where it cannot be noted', async () => {
    const refused = { ...renewal(), begin: () => Promise.reject(new Error('read-only')) }
    const presents = node(
      `process.stdin.on('data', () => require('fs').writeFileSync(${JSON.stringify(join(dir, 'x'))}, ''))`,
    )
    await expect(refreshElsewhere(presents, job, refused)).rejects.toThrow('read-only')
    await expect(readFile(join(dir, 'x'))).rejects.toThrow('ENOENT')
  })
})

async function help(given: RefreshJob): Promise<string> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  input.end(JSON.stringify(given))
  await runRefreshHelper(input, output)
  return String(output.read())
}
const leaveAt = (): string => join(dir, 'tokens/left.json')

describe('the helper', () => {
  test('has the token on the disk when it answers, for its owner alone', async () => {
    await using server = await serve((_request, response) => {
      response.end(JSON.stringify({ access_token: 'a', refresh_token: 'r', expires_in: 3600, token_type: 'Bearer' }))
    })
    const at = { ...credentials, tokenUrl: `${server.origin}/token` }
    const answer = await help({ ...job, credentials: at, leaveAt: leaveAt() })
    const token = readAnswer(answer)
    expect(token).toMatchObject({ accessToken: 'a', refreshToken: 'r' })
    expect(JSON.parse(await readFile(leaveAt(), 'utf8'))).toMatchObject({ access_token: 'a', refresh_token: 'r' })
  })

  test('passes on why there is none, without the token', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant', error_description: 'no spent' }))
    })
    const at = { ...credentials, tokenUrl: `${server.origin}/token` }
    const answer = await help({ ...job, credentials: at, leaveAt: leaveAt() })
    expect(answer).not.toContain('spent')
    const error: unknown = await Promise.resolve()
      .then(() => readAnswer(answer))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'auth', effect: 'none', details: { system: 'invalid_grant' } })
    await expect(readFile(leaveAt())).rejects.toThrow('ENOENT')
  })
})
