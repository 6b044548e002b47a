import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signIn, type SignedIn } from './signed-in.ts'

let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => 1_750_000_000_000 })
  account.emulator.requests.clear()
})

afterEach(() => account.emulator.close())

describe('the log of requests', () => {
  test('tells operation, line, place, headers and how it ended', async () => {
    await account.put('Archive/dir/a b', 'hello')
    await account.get('/Jotta/Archive/dir/a%20b?mode=bin', { Range: 'bytes=1-2' })
    const { requests, username } = account.emulator
    expect(requests.all()).toMatchObject([
      { operation: 'allocate', method: 'POST', path: '/files/v1/allocate', subject: '/Jotta/Archive/dir/a b' },
      { operation: 'upload', subject: '/Jotta/Archive/dir/a b', headers: { 'content-length': '5' }, status: 200 },
      {
        operation: 'download',
        path: `/jfs/${username}/Jotta/Archive/dir/a%20b`,
        query: 'mode=bin',
        headers: { range: 'bytes=1-2', authorization: 'Bearer …' },
        status: 206,
        complete: true,
        at: 1_750_000_000_000,
      },
    ])
  })

  test('tells faults, and answers that never came or broke off', async () => {
    const { faults, requests } = account.emulator
    faults.add({ action: { reset: 'before' } })
    await expect(account.get('/Jotta')).rejects.toThrow()
    faults.add({ action: { reset: 'response-body', afterBytes: 5 } })
    await expect(account.get('/Jotta')).rejects.toThrow()
    await expect
      .poll(() => requests.all())
      .toMatchObject([
        { status: undefined, complete: false, fault: { reset: 'before' } },
        { status: 200, complete: false, fault: { reset: 'response-body' } },
      ])
  })

  test('holds no secret', async () => {
    const loginToken = account.emulator.createLoginToken()
    await account.get(`?password=hunter2&client_secret=hush&x=1&refresh_token=${loginToken}`)
    const written = JSON.stringify(account.emulator.requests.all())
    expect(written).toContain('password=…&client_secret=…&x=1&refresh_token=…')
    for (const secret of [account.tokens.access_token, loginToken, 'hunter2', 'hush']) {
      expect(written).not.toContain(secret)
    }
  })

  test('keeps the last thousand', async () => {
    for (let i = 0; i < 1010; i++) await account.get('')
    const all = account.emulator.requests.all()
    expect(all).toHaveLength(1000)
    expect((all.at(-1)?.number ?? 0) - (all[0]?.number ?? 0)).toBe(999)
  })
})
