import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signIn, type SignedIn } from './signed-in.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7)
let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

describe('revisions', () => {
  test('five are kept, newest first, and each can be read', async () => {
    for (let i = 1; i <= 7; i++) await account.put('Archive/a', `content ${i}`)
    const { text } = await account.get('/Jotta/Archive/a')
    expect([...text.matchAll(/<number>(\d)</g)].map((match) => match[1])).toEqual(['7', '6', '5', '4', '3'])
    expect((await account.get('/Jotta/Archive/a?mode=bin&revision=4')).text).toBe('content 4')
    expect((await account.get('/Jotta/Archive/a?mode=bin&revision=2')).status).toBe(404)
    expect((await account.allocate('Archive/b', 'content 1')).state).toBe('INCOMPLETE')
    expect((await account.allocate('Archive/c', 'content 5')).state).toBe('COMPLETED')
    expect((await account.get('/Jotta/Archive')).text).not.toContain('<revisions>')
  })

  test('failed uploads never push the current one out', async () => {
    await account.put('Archive/a', 'good')
    for (let i = 0; i < 7; i++) await account.send(await account.allocate('Archive/a', `good${i}`), `evil${i}`)
    expect((await account.read('/Jotta/Archive/a')).text).toBe('good')
  })
})
