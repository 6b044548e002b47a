import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmulatedJottacloud } from '../../../test/support/emulated-jottacloud.ts'
import { emulatedJottacloud, quickHttp, testEnv, tokensInMemory } from '../../../test/support/emulated-jottacloud.ts'
import { treeOf } from '../../../test/support/recorded-run.ts'
import type { Remote } from '../../core/remote.ts'
import type { TokenStore } from '../../core/token.ts'
import type { Source } from '../../core/source.ts'
import { sourceFromBytes } from '../../core/source.ts'
import { resolveOptions } from '../../options/resolve.ts'
import { createJottacloud, jottacloudDefinition } from './index.ts'

let account: EmulatedJottacloud
let remote: Remote

beforeAll(async () => {
  account = await emulatedJottacloud()
})
beforeEach(() => {
  remote = account.remote()
})
afterEach(async () => {
  account.emulator.faults.clear()
  await remote.close?.()
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

function requests(operation: string): number {
  return account.emulator.counters.of(operation).requests
}

function bytes(text: string): Source {
  return sourceFromBytes(Buffer.from(text))
}

describe('a remote', () => {
  test('knows its user from the login, without asking the service', async () => {
    account.emulator.counters.reset()
    await Promise.all([remote.stat('a'), remote.stat('b'), remote.about?.('')])
    expect(requests('customer')).toBe(0)
  })

  test('asks for the user once where nothing says it, however many want to know', async () => {
    const other = account.remote({ tokens: await opaqueTokens() })
    account.emulator.counters.reset()
    await Promise.all([other.stat('a'), other.stat('b'), other.about?.('')])
    expect(requests('customer')).toBe(2) // once refused for its token
  })

  test('asks again where that failed, and one who gives up takes nobody along', async () => {
    const other = account.remote({ tokens: await opaqueTokens() })
    account.emulator.faults.add({ operation: 'customer', action: { status: 403 } })
    await expect(other.stat('a')).rejects.toMatchObject({ code: 'permission' })
    account.emulator.faults.add({ operation: 'customer', action: { delayMs: 50 } })
    const controller = new AbortController()
    const reason = new Error('enough')
    const first = other.stat('a', { signal: controller.signal })
    const second = other.stat('a')
    controller.abort(reason)
    await expect(first).rejects.toBe(reason)
    expect(await second).toBeUndefined()
  })

  test('tells whose account it is', async () => {
    expect(await remote.userInfo?.()).toEqual({
      AccountType: 'free',
      Email: 'someone@example.com',
      Name: 'Some One',
      SubscriptionType: '',
      Username: account.emulator.username,
    })
  })

  test('with a legacy login is refreshed as such', async () => {
    const { apiUrl, jfsUrl } = account.urls
    const values = { ...resolveOptions(jottacloudDefinition.options, []), apiUrl, jfsUrl }
    const env = testEnv({ http: quickHttp })
    for (const own of ['false', 'true']) {
      const login = await jottacloudDefinition.login?.({ ...person, config_machine_specific: own }, values, env)
      const section = login?.keys ?? {}
      const stale = tokensInMemory({ accessToken: '', tokenType: '', refreshToken: '', ...login?.token, expiry: 1n })
      const options = {
        ...values,
        clientId: section['client_id'] ?? '',
        clientSecret: section['client_secret'] ?? '',
      }
      const legacy = await jottacloudDefinition.open('j', options, { ...env, tokens: stale }, section)
      expect(await legacy.stat('a')).toBeUndefined()
      expect((await stale.read()).refreshToken).not.toBe(login?.token.refreshToken)
      await legacy.close?.()
    }
  })

  test('refreshes a token that is refused, once', async () => {
    const refused = tokensInMemory({ ...(await account.tokens.read()), accessToken: 'refused' })
    const other = account.remote({ tokens: refused })
    expect(await other.stat('a')).toBeUndefined()
    expect((await refused.read()).accessToken).not.toBe('refused')
    await account.tokens.update(() => refused.read())
  })

  test('whose login has ended says what to do, and no secret', async () => {
    const secrets = { accessToken: 'access-secret', refreshToken: 'refresh-secret' }
    const ended = tokensInMemory({ ...(await account.tokens.read()), ...secrets })
    const other = account.remote({ tokens: ended })
    const error: unknown = await other.stat('a').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'auth', message: expect.stringContaining('fjord config reconnect jotta:') })
    expect(everythingOf(error)).not.toMatch(/access-secret|refresh-secret/)
  })

  test('has no secret in its errors', async () => {
    const { accessToken, refreshToken } = await account.tokens.read()
    account.emulator.faults.add({ operation: 'upload', times: Infinity, action: { reset: 'before' } })
    account.emulator.faults.add({ operation: 'user', times: Infinity, action: { status: 500 } })
    const errors = [
      await remote.write('secret', bytes(String(Math.random()))).catch((thrown: unknown) => thrown),
      await remote.about?.('').catch((thrown: unknown) => thrown),
      await remote.remove('missing').catch((thrown: unknown) => thrown),
    ]
    for (const error of errors) {
      expect(error).toBeInstanceOf(Error)
      expect(everythingOf(error)).not.toContain(accessToken)
      expect(everythingOf(error)).not.toContain(refreshToken)
    }
  })

  test('of two sections on one account says that they are one place, whatever the case', async () => {
    const options = resolveOptions(jottacloudDefinition.options, [])
    const env = testEnv({ tokens: account.tokens })
    const one = await jottacloudDefinition.open('one', options, env, { configVersion: '1' })
    const two = await jottacloudDefinition.open('two', { ...options, hardDelete: true }, env, { configVersion: '1' })
    expect(one.identity('Dir/A?')).toEqual(two.identity('dir/a?'))
    expect(one.identity('').account).toBe(`jottacloud:${account.emulator.username}`)
    const three = await jottacloudDefinition.open('three', { ...options, mountpoint: 'Sync' }, env, {
      configVersion: '1',
    })
    expect(three.identity('').path).not.toBe(one.identity('').path)
    const opaque = createJottacloud({ name: 'four', tokens: account.tokens, http: quickHttp })
    expect(opaque.identity('').account).not.toBe(one.identity('').account)
  })

  test('has the files of its device and mountpoint, and of no other', async () => {
    const { accessToken } = await account.tokens.read()
    const headers = { authorization: `Bearer ${accessToken}` }
    const user = `${account.urls.jfsUrl}${account.emulator.username}`
    await fetch(`${user}/laptop?type=WORKSTATION`, { method: 'POST', headers })
    await fetch(`${user}/laptop/Photos`, { method: 'POST', headers })
    const places = [
      { device: '', mountpoint: '' },
      { device: 'Jotta', mountpoint: 'Sync' },
      { device: 'laptop', mountpoint: 'Photos' },
    ]
    for (const place of places) await account.remote(place).write('place/file', bytes(JSON.stringify(place)))
    for (const place of places) {
      expect(await treeOf(account.remote(place), 'place')).toEqual({ 'place/file': JSON.stringify(place) })
    }
    const [archive, photos] = [account.remote({ device: 'jotta', mountpoint: 'archive' }), account.remote(places[2])]
    await photos.move?.('place/file', 'moved')
    expect(await treeOf(photos)).toMatchObject({ moved: JSON.stringify(places[2]) })
    expect(await treeOf(archive, 'place')).toEqual({ 'place/file': JSON.stringify(places[0]) })
  })

  test('that there is not is named, with what to look at', async () => {
    const nowhere = account.remote({ device: 'laptop', mountpoint: 'Nope' })
    const error = {
      code: 'dir-not-found',
      details: {
        hint: 'There is no mountpoint "Nope" on the device "laptop": check device and mountpoint of the remote.',
      },
    }
    await expect(treeOf(nowhere)).rejects.toMatchObject(error)
    await expect(nowhere.listAll?.('')[Symbol.asyncIterator]().next()).rejects.toMatchObject(error)
    await expect(treeOf(remote, 'nope')).rejects.toMatchObject({ details: { hint: undefined } })
  })

  test('is not opened without a login, with an old one, or to send a login in the open', async () => {
    const options = resolveOptions(jottacloudDefinition.options, [])
    const env = testEnv({ tokens: account.tokens })
    const open = jottacloudDefinition.open.bind(jottacloudDefinition)
    await expect(open('j', options, testEnv(), { configVersion: '1' })).rejects.toMatchObject({ code: 'auth' })
    await expect(open('j', options, env, {})).rejects.toMatchObject({ code: 'config' })
    const plain = { ...options, apiUrl: 'http://api.example.com/' }
    await expect(open('j', plain, env, { configVersion: '1' })).rejects.toMatchObject({ code: 'config' })
  })

  test('tells the space of the account; an unlimited one has only what is used', async () => {
    await remote.write('space', bytes('twelve bytes'))
    const usage = await remote.about?.('')
    expect(usage?.total).toBe(2 ** 40)
    expect(usage?.free).toBe(2 ** 40 - (usage?.used ?? 0))
    await using unlimited = await emulatedJottacloud({ quota: -1 })
    expect(await unlimited.remote().about?.('')).toEqual({ used: 0 })
  })

  test('that is full says so', async () => {
    await using small = await emulatedJottacloud({ quota: 5 })
    const write = small.remote().write('a', bytes('six by'))
    await expect(write).rejects.toMatchObject({ code: 'quota', details: { path: 'a', hint: expect.any(String) } })
  })
})

const person = {
  config_type: 'legacy',
  config_username: 'someone@example.com',
  config_password: 'emulated-password',
}

/** A login whose access token says nothing, and is refused once. */
async function opaqueTokens(): Promise<TokenStore> {
  const own = await jottacloudDefinition.login?.(
    { config_login_token: account.emulator.createLoginToken() },
    resolveOptions(jottacloudDefinition.options, []),
    testEnv({ http: quickHttp }),
  )
  if (!own) throw new Error('nobody was logged in')
  return tokensInMemory({ ...own.token, accessToken: 'opaque' })
}

/** All that could be printed of an error, its causes included. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.stack} ${JSON.stringify(error)} ${everythingOf(error.cause)}`
}
