import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signIn, type SignedIn } from './signed-in.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7)
let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

describe('devices and mountpoints', () => {
  test('are made with 201, listed and removed', async () => {
    const made = await account.post('/laptop?type=LAPTOP')
    expect(made.status).toBe(201)
    expect(made.text).toContain('<type>LAPTOP</type>')
    expect(made.text).not.toContain('mountPoints')
    expect((await account.post('/Laptop?type=WORKSTATION')).text).toMatch(/>laptop<.*<type>WORKSTATION</s)
    expect((await account.get('/laptop')).text).not.toContain('<mountPoints>')
    const mountpoint = await account.post('/laptop/Docs')
    expect(mountpoint.status).toBe(201)
    expect(mountpoint.text).toContain('<mountPoint ')
    expect((await account.post('/laptop/docs')).status).toBe(200)
    expect((await account.post('/laptop/Docs?rm=true')).text).toContain('<device ')
    expect((await account.get('/laptop/Docs')).status).toBe(404)
    expect((await account.post('/laptop?rm=true')).text).toContain('<user ')
    expect((await account.get('/laptop')).status).toBe(404)
  })

  test('a deleted mountpoint says so in an element', async () => {
    await account.post('/Jotta/Old')
    await account.post('/Jotta/Old?dlDir=true')
    expect((await account.get('/Jotta')).text).toMatch(/>Old<\/name>\s*<deleted>2026-[^<]*<\/deleted>\s*<abspath/)
    expect((await account.post('/Jotta/Old')).status).toBe(201)
  })

  test('the built-in ones stay', async () => {
    expect((await account.post('/Jotta?rm=true')).status).toBe(403)
    expect((await account.post('/Jotta/Archive?rm=true')).status).toBe(403)
  })

  test('unknown types and devices are refused', async () => {
    expect((await account.post('/x?type=TOASTER')).status).toBe(400)
    expect((await account.post('/Nowhere/Docs')).status).toBe(404)
  })
})
