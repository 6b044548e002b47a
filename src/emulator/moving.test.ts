import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signIn, type Answer, type SignedIn } from './signed-in.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7)
let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

function core(document: string): string {
  return document.slice(document.indexOf('<currentRevision>'))
}

describe('mv', () => {
  test('keeps uuid, revisions and times, and makes the folders of the target', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: '1' }])
    await account.put('Archive/a', '2')
    const before = (await account.get('/Jotta/Archive/a')).text
    const moved = await account.post(`/Jotta/Archive/a?mv=${account.target('Jotta/Sync/new/b')}`)
    expect(moved.status).toBe(200)
    expect(core(moved.text)).toBe(core(before))
    expect((await account.get('/Jotta/Archive/a')).status).toBe(404)
    expect((await account.get('/Jotta')).text).toMatch(/Archive<\/name>\s*<size>0<.*Sync<\/name>\s*<size>1</s)
  })

  test('refuses a live target and replaces a trashed one', async () => {
    account.emulator.seed([
      { path: 'Archive/a', content: 'a' },
      { path: 'Archive/b', content: 'b' },
    ])
    const move = (): Promise<Answer> => account.post(`/Jotta/Archive/a?mv=${account.target('Jotta/Archive/b')}`)
    const refused = await move()
    expect([refused.status, refused.text.includes('UniqueFileException')]).toEqual([409, true])
    await account.post('/Jotta/Archive/b?dl=true')
    expect((await move()).status).toBe(200)
    expect(await account.names('/Jotta/Archive')).toEqual(['b'])
    expect((await account.read('/Jotta/Archive/b')).text).toBe('a')
  })

  test('changes the spelling of a name', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    await account.post(`/Jotta/Archive/a?mv=${account.target('Jotta/Archive/A')}`)
    expect(await account.names('/Jotta/Archive')).toEqual(['A'])
  })

  test('without a live source is 404', async () => {
    account.emulator.seed([{ path: 'Archive/dir/a', content: 'a' }])
    const target = account.target('Jotta/Archive/b')
    const file = await account.post(`/Jotta/Archive/dir?mv=${target}`)
    expect([file.status, file.text.includes('NoSuchFileException: Source file')]).toEqual([404, true])
    const folder = await account.post(`/Jotta/Archive/dir/a?mvDir=${target}`)
    expect([folder.status, folder.text.includes('NoSuchPathException: Source directory')]).toEqual([404, true])
  })

  test('refuses targets that are no absolute path, of another user, or cannot be stored', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    expect((await account.post('/Jotta/Archive/a?mv=Archive%2Fb')).status).toBe(400)
    expect((await account.post('/Jotta/Archive/a?mv=%2Fsomebody%2FJotta%2FArchive%2Fb')).status).toBe(401)
    expect((await account.post(`/Jotta/Archive/a?mv=${account.target('Jotta/Archive/b:c')}`)).status).toBe(400)
    expect((await account.post(`/Jotta/Archive/a?mv=${account.target('Jotta/Archive/p%41')}`)).status).toBe(400)
  })
})

describe('mvDir', () => {
  test('moves a tree, with or without a slash after the source', async () => {
    account.emulator.seed([{ path: 'Archive/a b/sub/x', content: 'x' }])
    const first = await account.post(`/Jotta/Archive/a+b/?mvDir=${account.target('Jotta/Archive/c')}`)
    expect(first.status).toBe(200)
    expect(first.text).toContain('<folder name="c"')
    expect((await account.post(`/Jotta/Archive/c?mvDir=${account.target('Jotta/Sync/deep/d+e')}`)).status).toBe(200)
    expect((await account.read('/Jotta/Sync/deep/d%2Be/sub/x')).text).toBe('x')
    expect((await account.get('/Jotta')).text).toMatch(/Archive<\/name>\s*<size>0<.*Sync<\/name>\s*<size>1</s)
  })

  test('refuses a live target and the folder itself as target', async () => {
    account.emulator.seed([
      { path: 'Archive/a/x', content: 'x' },
      { path: 'Archive/b/y', content: 'y' },
    ])
    expect((await account.post(`/Jotta/Archive/a?mvDir=${account.target('Jotta/Archive/b')}`)).status).toBe(409)
    expect((await account.post(`/Jotta/Archive/a?mvDir=${account.target('Jotta/Archive/A/c')}`)).status).toBe(400)
    expect((await account.post(`/Jotta/Archive/a?mvDir=${account.target('Jotta/Archive/A')}`)).status).toBe(200)
    expect(await account.names('/Jotta/Archive')).toEqual(['A', 'b'])
  })
})
