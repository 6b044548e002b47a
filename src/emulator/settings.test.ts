import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, logIn, md5, parse, signIn, type Answer, type SignedIn } from './signed-in.ts'

let account: SignedIn

beforeEach(async () => {
  account = await signIn()
  account.emulator.seed([{ path: 'Archive/a', content: 'hello' }])
})

afterEach(() => account.emulator.close())

async function customer(): Promise<Record<string, unknown>> {
  const headers = { Authorization: `Bearer ${account.tokens.access_token}` }
  return parse((await ask(`${account.urls.apiUrl}account/v1/customer`, { headers })).text)
}

function allocate(): Promise<Answer> {
  return account.api('files/v1/allocate', { path: 'Archive/new', bytes: 3, md5: md5('new') })
}

describe('the account', () => {
  test('shows its quota and its locks', async () => {
    account.emulator.account.set({ quota: -1, readLocked: true, quotaWriteLocked: true, lockedCause: 'abuse' })
    expect(await customer()).toMatchObject({
      quota: -1,
      account_type: 'unlimited',
      read_locked: true,
      write_locked: false,
      locked_cause: 'abuse',
    })
    const { text } = await account.get('')
    expect(text).toContain('<capacity>-1</capacity>')
    expect(text).toContain('<read-locked>true</read-locked>')
    expect(text).toContain('<quota-write-locked>true</quota-write-locked>')
  })

  test('that is full takes nothing more, but can be read and emptied', async () => {
    account.emulator.account.set({ quota: 6 })
    expect((await allocate()).status).toBe(507)
    expect((await account.read('/Jotta/Archive/a')).status).toBe(200)
    await account.post('/Jotta/Archive/a?rm=true')
    expect((await allocate()).status).toBe(200)
  })

  test('locked for reading gives nothing out', async () => {
    account.emulator.account.set({ readLocked: true })
    for (const path of ['/Jotta', '/Jotta/Archive', '/Jotta/Archive/a?mode=bin', '/Jotta/Archive?mode=liststream']) {
      expect((await account.get(path)).status, path).toBe(403)
    }
    expect((await allocate()).status).toBe(200)
  })

  test('locked for writing takes nothing in and changes nothing', async () => {
    const allocation = await account.allocate('Archive/b', 'bee')
    account.emulator.account.set({ writeLocked: true })
    const commands = [
      'a?dl=true',
      'a?rm=true',
      'd?mkDir=true',
      'a?cphash=true',
      `a?mv=${account.target('Jotta/Sync/a')}`,
    ]
    for (const command of commands) expect((await account.post(`/Jotta/Archive/${command}`)).status, command).toBe(403)
    expect((await allocate()).status).toBe(403)
    expect((await account.send(allocation, 'bee')).status).toBe(403)
    expect((await account.api('files/v1/purge_trash', '')).status).toBe(403)
    expect((await account.get('/Jotta/Archive/a?mode=enableShare')).status).toBe(403)
    expect((await account.read('/Jotta/Archive/a')).text).toBe('hello')
  })

  test('locked for writing may still delete, and answers otherwise, in another dialect', async () => {
    account.emulator.dialect.set({ lockedDeletes: 'allowed', lockedStatus: 423 })
    account.emulator.account.set({ writeLocked: true })
    expect((await account.post('/Jotta/Archive/d?mkDir=true')).status).toBe(423)
    expect((await account.post('/Jotta/Archive/a?dl=true')).status).toBe(200)
  })

  test('locked altogether only tells about itself', async () => {
    account.emulator.account.set({ locked: true })
    expect((await account.get('')).text).toContain('<locked>true</locked>')
    expect(await customer()).toMatchObject({ read_locked: true, write_locked: true })
    expect((await account.get('/Jotta')).status).toBe(403)
    expect((await account.post('/Jotta/Archive/a?dl=true')).status).toBe(403)
  })
})

describe('a login token', () => {
  test('that was used answers 401 in another dialect', async () => {
    const token = account.emulator.createLoginToken()
    await logIn(token)
    account.emulator.dialect.set({ usedLoginTokenStatus: 401 })
    expect((await logIn(token)).status).toBe(401)
  })
})
