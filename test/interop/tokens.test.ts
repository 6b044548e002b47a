import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createInterop, rcloneVersion, type Interop } from './interop.ts'

let account: Interop

beforeEach(async () => {
  account = await createInterop()
})

afterEach(() => account[Symbol.asyncDispose]())

// docs/protocol.md §2.3 and §7.1, item 5
describe.skipIf(rcloneVersion === undefined)('on one config file', () => {
  test('rclone and fjord refresh in turn, each with what the other stored', async () => {
    await account.rclone('mkdir', 'j:d')
    for (const program of [account.rclone, account.fjord, account.fjord, account.rclone, account.rclone]) {
      account.expire()
      const listing = await account.requests(async () => expect(await program('lsf', 'j:')).toBe('d/\n'))
      expect(listing).toMatchObject({ token: 1 })
    }
  })

  test('a life shorter than a command is no matter', async () => {
    await using brief = await createInterop({ accessTokenLifetime: 11 })
    brief.files('src', { a: 'a', b: 'b' })
    await new Promise((resolve) => setTimeout(resolve, 1100))
    await brief.rclone('copy', 'src', 'j:src')
    await brief.fjord('copy', 'j:src', 'back')
    expect(await brief.rclone('check', 'src', 'back')).toBe('')
  })

  test('a revoked login is told by both', async () => {
    account.emulator.revokeLogins()
    account.expire()
    for (const tried of [account.tryRclone, account.tryFjord]) {
      const ran = await tried(['lsf', '--retries', '1', '--low-level-retries', '1', 'j:'])
      expect(ran.status).not.toBe(0)
      expect(ran.stderr).toMatch(/invalid_grant|log in|login/i)
    }
  })

  test('a copy of the file ends the login when both copies are refreshed', async () => {
    account.expire()
    const copy = join(account.home, 'copy.conf')
    copyFileSync(join(account.home, 'rclone.conf'), copy)
    await account.rclone('lsf', 'j:')
    const args = ['lsf', '--low-level-retries', '1', 'j:']
    expect((await account.tryRclone(args, { env: { RCLONE_CONFIG: copy } })).status).not.toBe(0)
    account.expire()
    expect((await account.tryFjord(args)).status).not.toBe(0)
  })
})
