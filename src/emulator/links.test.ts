import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, signIn, type SignedIn } from './signed-in.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7)
let account: SignedIn
let user: string

beforeEach(async () => {
  account = await signIn({ now: () => now })
  user = account.emulator.username
})

afterEach(() => account.emulator.close())

describe('public links', () => {
  test('come and go with the file document, and open the file without login', async () => {
    account.emulator.seed([{ path: 'Archive/a.txt', content: 'hello' }])
    const shared = await account.document('/Jotta/Archive/a.txt?mode=enableShare')
    const uri = /<publicURI>([0-9a-f]{32})</.exec(shared)?.[1] ?? ''
    expect(shared).toContain('<publicSharePath>/')
    expect(await account.document('/Jotta/Archive/a.txt?mode=enableShare')).toContain(uri)
    const link = `${account.urls.wwwUrl}opin/io/downloadPublic/${user}/${uri}`
    expect(await ask(link)).toMatchObject({ status: 200, text: 'hello' })
    expect(await account.document('/Jotta/Archive/a.txt?mode=disableShare')).not.toContain('publicURI')
    expect((await ask(link)).status).toBe(404)
  })

  test('work for folders and mountpoints, not for what is missing', async () => {
    account.emulator.seed([{ path: 'Archive/dir/a.txt', content: 'hello' }])
    expect(await account.document('/Jotta/Archive/dir?mode=enableShare')).toMatch(
      /<folder name="dir".*<\/abspath><publicURI>/,
    )
    expect(await account.document('/Jotta/Archive?mode=enableShare')).toMatch(/<mountPoint .*<publicURI>/)
    expect((await account.get('/Jotta/Archive/none?mode=enableShare')).status).toBe(404)
  })
})
