import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { converse, type Reply, type Talk } from '../../../../test/support/converse.ts'
import {
  type EmulatedJottacloud,
  emulatedJottacloud,
  quickHttp,
  testEnv,
} from '../../../../test/support/emulated-jottacloud.ts'
import { freePort, serve } from '../../../../test/support/local-server.ts'
import { signIn } from '../../../../test/support/sign-in.ts'
import type { Logger } from '../../../core/context.ts'
import type { RemoteEnv } from '../../../core/env.ts'
import type { EmulatorOptions } from '../../../emulator/index.ts'
import { resolveOptions } from '../../../options/resolve.ts'
import { jottacloudOptions } from '../options.ts'
import { authorize } from './authorize.ts'
import { brandOf, brands, issuerOf } from './brands.ts'
import { createConversation } from './conversation.ts'

let account: EmulatedJottacloud
let port = 0
let env: RemoteEnv
/** The addresses that the log told the person to go to. */
let told: ((url: string) => void)[] = []
const lines: string[] = []

beforeEach(async () => {
  account = await emulatedJottacloud()
  port = await freePort()
  lines.length = 0
  told = []
  const log: Logger = {
    enabled: () => true,
    log({ text }) {
      lines.push(text)
      const url = /address: (http\S+)/.exec(text)?.[1]
      if (url !== undefined) told.shift()?.(url)
    },
  }
  env = testEnv({ log, http: { ...quickHttp, environment: { BROWSER: 'none' } } })
})
afterEach(() => account[Symbol.asyncDispose]())

async function begin(options: EmulatorOptions): Promise<void> {
  await account[Symbol.asyncDispose]()
  account = await emulatedJottacloud(options)
}

const service = (realm = 'jottacloud', client = ''): string =>
  `127.0.0.1:${account.urls.port}/${realm}${client && `/${client}`}`
const values = () => ({ ...resolveOptions(jottacloudOptions, []), ...account.urls })
const nextUrl = (): Promise<string> => new Promise((resolve) => told.push(resolve))

function talk(replies: Readonly<Record<string, Reply | readonly Reply[]>>): Promise<Talk> {
  const all = { config_type: 'traditional', config_traditional: service(), ...replies }
  return converse(createConversation(env, values(), { port }), all)
}

/** Signs in as the person at the browser, who is then sent back to the listener. */
async function browse(url: string, change: (back: URL) => void = () => undefined): Promise<Response> {
  const back = new URL(await signIn(url, account.emulator.credentials))
  change(back)
  return await fetch(back.href.replace('localhost', '127.0.0.1'))
}

const elsewhere = { config_is_local: 'false' }
const urlIn = (help: string): string => /\t(http\S+)/.exec(help)?.[1] ?? ''

describe('a login in the browser of this machine', () => {
  test('gives what rclone stores', async () => {
    const url = nextUrl()
    const talking = talk({})
    const page = await browse(await url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('You are logged in')
    const { keys } = await talking
    expect(Object.keys(keys)).toEqual(['configVersion', 'client_id', 'tokenURL', 'token', 'device', 'mountpoint'])
    expect(keys).toMatchObject({ configVersion: '1', client_id: 'desktop' })
    expect(keys['token']).toMatch(/^\{"access_token":"[^"]+","token_type":"Bearer","refresh_token":"[^"]+","expiry":/)
  })

  test('asks for what is registered, with PKCE and a state that is another one each time', async () => {
    const queries: URLSearchParams[] = []
    for (let i = 0; i < 2; i++) {
      const url = nextUrl()
      const talking = talk({ config_traditional: service('telia_se') })
      queries.push(new URL(await url).searchParams)
      await browse(await url)
      await talking
    }
    const [first, second] = queries
    expect(first?.get('redirect_uri')).toBe(`http://localhost:${port}/`)
    expect(first?.get('scope')).toBe('openid jotta-default offline_access')
    expect(first?.get('code_challenge_method')).toBe('S256')
    expect(first?.get('state')).toMatch(/^[\w-]{32,}$/)
    expect(first?.get('state')).not.toBe(second?.get('state'))
  })

  test('works without PKCE, tied to it by a nonce', async () => {
    await begin({ offersPkce: false })
    const url = nextUrl()
    const talking = talk({})
    const query = new URL(await url).searchParams
    expect([query.has('code_challenge'), query.has('nonce')]).toEqual([false, true])
    await browse(await url)
    expect((await talking).keys['token']).toContain('refresh_token')
  })

  test('of the clients that are no desktop asks for another scope', async () => {
    const url = nextUrl()
    const talking = talk({ config_traditional: service('phonero', 'desktop-win') })
    expect(new URL(await url).searchParams.get('scope')).toBe('openid offline_access')
    await browse(await url)
    expect((await talking).keys).toMatchObject({ client_id: 'desktop-win' })
  })

  test('is not disturbed by an answer of another login, nor by other requests', async () => {
    const url = nextUrl()
    const talking = talk({})
    const at = `http://127.0.0.1:${port}`
    await url
    const stray = await fetch(`${at}/?code=x&state=foreign`)
    expect([stray.status, await stray.text()]).toEqual([400, expect.stringContaining('another login')])
    expect((await fetch(`${at}/favicon.ico`)).status).toBe(404)
    expect((await fetch(`${at}/?code=x`, { method: 'POST' })).status).toBe(404)
    await browse(await url)
    await talking
    expect(lines.filter((line) => line.includes('another login'))).toHaveLength(1)
  })

  test('takes one answer: a second is told so', async () => {
    const url = nextUrl()
    const talking = talk({})
    const back = new URL(await signIn(await url, account.emulator.credentials))
    account.emulator.faults.add({ operation: 'token', action: { delayMs: 200 } })
    const at = back.href.replace('localhost', '127.0.0.1')
    const first = fetch(at)
    const second = await fetch(at)
    expect(second.status).toBe(409)
    expect((await first).status).toBe(200)
    await talking
    expect(account.emulator.counters.of('token').requests).toBe(2)
  })

  test('that the person or the service refuses ends with their word for it', async () => {
    const url = nextUrl()
    const talking = talk({}).catch((error: unknown) => error)
    const state = new URL(await url).searchParams.get('state') ?? ''
    const query = new URLSearchParams({ state, error: 'access_denied', error_description: 'no <b>way</b>' })
    const page = await fetch(`http://127.0.0.1:${port}/?${query.toString()}`)
    expect(await page.text()).toContain('access_denied, no &lt;b&gt;way')
    expect(await talking).toMatchObject({ code: 'auth', message: expect.stringContaining('access_denied') })
  })

  test('with a code that the service does not take fails without showing it', async () => {
    const url = nextUrl()
    const talking = talk({}).catch((error: unknown) => error)
    await browse(await url, (back) => back.searchParams.set('code', 'made-up-code'))
    const error = await talking
    expect(error).toMatchObject({ code: 'auth', details: { system: 'invalid_grant' } })
    expect(JSON.stringify(error) + String(error) + lines.join()).not.toContain('made-up-code')
  })

  test('says which port is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => void other.listen(port, '127.0.0.1', () => resolve()))
    try {
      await expect(talk({})).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(String(port)) })
    } finally {
      other.close()
    }
  })

  test('ends with the signal, and lets go of the port', async () => {
    const controller = new AbortController()
    const url = nextUrl()
    const login = authorize(service(), values(), { ...env, signal: controller.signal }, { port })
    await url
    controller.abort(new Error('enough'))
    await expect(login).rejects.toThrow('enough')
    await (await serve(() => undefined))[Symbol.asyncDispose]()
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
  })

  test('of a service that does not answer names it', async () => {
    const dead = await freePort()
    await expect(talk({ config_traditional: `127.0.0.1:${dead}/realm` })).rejects.toMatchObject({
      code: 'network',
      details: { hint: expect.stringContaining(`127.0.0.1:${dead}`) },
    })
  })

  test('of a service without a discovery document goes to the usual addresses', async () => {
    account.emulator.faults.add({ operation: 'discovery', times: Infinity, action: { status: 404 } })
    const url = nextUrl()
    const talking = talk({})
    await browse(await url)
    expect((await talking).keys['tokenURL']).toMatch(/\/auth\/realms\/jottacloud\/protocol\/openid-connect\/token$/)
  })

  test('goes where auth_url and token_url say', async () => {
    const own = { ...values(), authUrl: 'https://login.example.com/a?b=c', tokenUrl: 'http://127.0.0.1:1/token' }
    const talking = converse(createConversation(env, own, { port }), {
      config_type: 'traditional',
      config_traditional: service(),
    }).catch((error: unknown) => error)
    const url = new URL(await nextUrl())
    expect(url.href).toMatch(/^https:\/\/login\.example\.com\/a\?b=c&client_id=desktop/)
    await fetch(`http://127.0.0.1:${port}/?code=x&state=${url.searchParams.get('state')}`)
    expect(await talking).toMatchObject({ code: 'network' })
  })
})

describe('a login on another machine', () => {
  test('is taken as the address at which it ended, whole or in part', async () => {
    const whole = (text: string): string => text
    const ways = [
      whole,
      (text: string) => text.replace(`http://localhost:${port}/?`, ''),
      (text: string) => `"${text}"`,
      (text: string) => `'${text.slice(0, 50)}\n${text.slice(50)}'`,
      (text: string) => `<${text.replaceAll('&', '&amp;')}>`,
    ]
    for (const way of ways) {
      const { keys, questions } = await talk({
        ...elsewhere,
        config_token: async ({ help }) => {
          const back = await signIn(urlIn(help), account.emulator.credentials)
          return ` ${way(back)}\n`
        },
      })
      expect(questions.map(({ name }) => name)).toContain('config_token')
      expect(keys).toMatchObject({ configVersion: '1', client_id: 'desktop', token: expect.any(String) })
      expect(Object.keys(keys)).not.toContain('login_secret')
    }
  })

  test('is asked for again where the address is of another login or none at all', async () => {
    const { errors, keys } = await talk({
      ...elsewhere,
      config_token: [
        'not an address',
        `http://localhost:${port}/?code=x&state=foreign`,
        ({ help }) => signIn(urlIn(help), account.emulator.credentials),
      ],
    })
    expect(errors).toEqual([expect.stringContaining('neither'), expect.stringContaining('another login')])
    expect(keys['token']).toContain('refresh_token')
  })

  test('begins anew where the address was used already', async () => {
    let used = ''
    const { errors } = await talk({
      ...elsewhere,
      config_token: [
        async ({ help }) => {
          used = (await signIn(urlIn(help), account.emulator.credentials)).replace(/code=[^&]+/, 'code=used')
          return used
        },
        ({ help }) => signIn(urlIn(help), account.emulator.credentials),
      ],
    })
    expect(errors).toEqual([expect.stringContaining('refused the login')])
  })

  test('is taken as what authorize printed there', async () => {
    const url = nextUrl()
    const authorizing = authorize(service('comhem'), values(), env, { port })
    await browse(await url)
    const blob = await authorizing
    expect(blob).toMatch(/^[\w-]+$/)
    const { keys } = await talk({ ...elsewhere, config_token: `${blob.slice(0, 50)}\n ${blob.slice(50)}` })
    expect(keys).toMatchObject({ client_id: 'desktop', tokenURL: expect.stringContaining('/comhem/') })
    const { errors } = await talk({ ...elsewhere, config_token: [blob.slice(0, 100), blob] })
    expect(errors).toHaveLength(1)
  })

  test('is taken as a bare token, as rclone prints it', async () => {
    const token = '{"access_token":"a","token_type":"Bearer","refresh_token":"r","expiry":"2026-01-01T00:00:00Z"}'
    const { keys } = await talk({ ...elsewhere, config_token: token })
    expect(keys).toMatchObject({ token, client_id: 'desktop', tokenURL: expect.stringContaining('/jottacloud/') })
  })
})

describe('services', () => {
  test('are the thirteen that are known, each where the protocol has it', () => {
    expect(brands.map(({ key }) => key)).toEqual([
      'jottacloud',
      'elgiganten_dk',
      'elgiganten_se',
      'elkjop',
      'elko',
      'gigantti',
      'letsgo',
      'mediamarkt',
      'onlime',
      'phonero',
      'tele2',
      'telia_no',
      'telia_se',
    ])
    expect(issuerOf(brandOf('telia_no'))).toBe('https://sky-auth.telia.no/auth/realms/get')
    expect(brandOf('letsgo')).toMatchObject({ clientId: 'desktop-win', scope: 'openid offline_access' })
  })

  test('that are not known are named by domain and realm, and by their client', () => {
    expect(brandOf(' Cloud.Example.com/realm ')).toMatchObject({
      domain: 'cloud.example.com',
      realm: 'realm',
      clientId: 'desktop',
      scope: 'openid jotta-default offline_access',
    })
    expect(brandOf('cloud.example.com/realm/desktop-mac')).toMatchObject({
      clientId: 'desktop-mac',
      scope: 'openid offline_access',
    })
  })

  test.each([
    '',
    'nowhere',
    'cloud.example.com',
    'cloud.example.com:80/realm',
    'a@b.example.com/realm',
    'x.y/../z/a',
    'cloud.example.com/..',
  ])('"%s" is none', (text) => {
    expect(() => brandOf(text)).toThrow('is no service that is known')
  })

  test('have shorthands among the types', async () => {
    for (const [type, host] of [
      ['telia', 'cloud-auth.telia.se'],
      ['telia_se', 'cloud-auth.telia.se'],
      ['telia_no', 'sky-auth.telia.no'],
      ['tele2', 'mittcloud-auth.tele2.se'],
      ['onlime', 'cloud-auth.onlime.dk'],
    ]) {
      const quick = testEnv({ http: { ...quickHttp, attempts: 1, environment: { HTTPS_PROXY: 'http://127.0.0.1:1' } } })
      const talking = converse(createConversation(quick, values(), { port }), { config_type: type ?? '' })
      await expect(talking).rejects.toMatchObject({ details: { hint: expect.stringContaining(host ?? '') } })
    }
  })
})
