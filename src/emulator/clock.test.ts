import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signIn, type SignedIn } from './signed-in.ts'

const START = Date.UTC(2026, 2, 4, 5, 6, 7)
const DAY = 24 * 3600 * 1000
let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => START, accessTokenLifetime: 365 * 24 * 3600 })
  account.emulator.seed([
    { path: 'Archive/a', content: 'a' },
    { path: 'Archive/dir/b', content: 'b' },
    { path: 'Archive/dir/c', content: 'c' },
  ])
})

afterEach(() => account.emulator.close())

describe('the clock', () => {
  test('is set, and moved on and back', async () => {
    const { clock } = account.emulator
    clock.set(Date.UTC(2026, 6, 1))
    expect((await account.get('')).text).toContain('time="2026-07-01-T00:00:00Z"')
    clock.advance(DAY)
    clock.advance(-2 * DAY)
    expect((await account.get('')).text).toContain('time="2026-06-30-T00:00:00Z"')
  })

  test('makes tokens expire', async () => {
    account.emulator.clock.advance(365 * DAY + 1000)
    expect((await account.get('')).status).toBe(401)
  })
})

describe('after 30 days in the trash', () => {
  test('files and folders are gone for good, and their bytes no longer count', async () => {
    const { clock } = account.emulator
    await account.post('/Jotta/Archive/a?dl=true')
    clock.advance(10 * DAY)
    await account.post('/Jotta/Archive/dir?dlDir=true')
    clock.advance(20 * DAY - 1000)
    expect(await account.names('/Jotta/Archive')).toEqual(['(dir)', '(a)'])
    clock.advance(1000)
    expect(await account.names('/Jotta/Archive')).toEqual(['(dir)'])
    expect((await account.get('/Jotta/Archive/a')).status).toBe(404)
    clock.advance(10 * DAY)
    expect((await account.get('')).text).toContain('<usage>0</usage>')
    expect((await account.allocate('Archive/a', 'a')).state).toBe('INCOMPLETE')
  })

  test('a file goes that was trashed before the folder around it, and only that', async () => {
    const { clock } = account.emulator
    await account.post('/Jotta/Archive/dir/b?dl=true')
    clock.advance(29 * DAY)
    await account.post('/Jotta/Archive/dir?dlDir=true')
    clock.advance(DAY)
    expect(await account.names('/Jotta/Archive/dir')).toEqual(['(c)'])
  })

  test('nothing goes that came back in time, or that was trashed after the clock went back', async () => {
    const { clock } = account.emulator
    await account.post('/Jotta/Archive/a?dl=true')
    await account.put('Archive/a', 'a')
    clock.advance(31 * DAY)
    expect(await account.names('/Jotta/Archive')).toEqual(['dir', 'a'])
    clock.advance(-31 * DAY)
    await account.post('/Jotta/Archive/a?dl=true')
    clock.advance(31 * DAY)
    expect(await account.names('/Jotta/Archive')).toEqual(['dir'])
  })
})
