import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse, signIn, type SignedIn } from './signed-in.ts'

const START = Date.UTC(2026, 2, 4, 5, 6, 7)
let now = START
let account: SignedIn

beforeEach(async () => {
  now = START
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

describe('mkDir', () => {
  test('makes all parents, a mountpoint among them, and is fine if the folder exists', async () => {
    const made = await account.post('/Jotta/New/a/b?mkDir=true')
    expect(made.status).toBe(200)
    expect(made.text).toContain('<folder name="b"')
    expect(made.text).not.toContain('metadata')
    expect((await account.post('/Jotta/New/A/B?mkDir=true')).text).toContain('<folder name="b"')
    expect((await account.post('/Nowhere/New/a?mkDir=true')).status).toBe(404)
  })

  test('revives a trashed folder in the new spelling, not its content', async () => {
    account.emulator.seed([{ path: 'Archive/dir/a', content: 'a' }])
    await account.post('/Jotta/Archive/dir?dlDir=true')
    await account.post('/Jotta/Archive/DIR?mkDir=true')
    expect(await account.names('/Jotta/Archive')).toEqual(['DIR'])
    expect(await account.names('/Jotta/Archive/dir')).toEqual(['(a)'])
  })

  test('is not hindered by a trashed file, but by a live one', async () => {
    account.emulator.seed([{ path: 'Archive/x', content: 'x' }])
    expect((await account.post('/Jotta/Archive/x?mkDir=true')).status).toBe(409)
    await account.post('/Jotta/Archive/x?dl=true')
    expect((await account.post('/Jotta/Archive/x?mkDir=true')).status).toBe(200)
    expect((await account.get('/Jotta/Archive/x')).text).toContain('<folder name="x"')
    expect(await account.names('/Jotta/Archive')).toEqual(['x', '(x)'])
  })
})

describe('trash', () => {
  test('dl keeps the file as a tombstone that can be read, and may be repeated', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    expect((await account.post('/Jotta/Archive/a?dl=true')).text).toMatch(/<file name="a" uuid="[^"]+" deleted="2026-/)
    expect((await account.post('/Jotta/Archive/a?dl=true')).status).toBe(200)
    expect((await account.get('/Jotta/Archive/a')).text).toContain(' deleted="')
    expect((await account.read('/Jotta/Archive/a')).text).toBe('a')
    const missing = await account.post('/Jotta/Archive/none?dl=true')
    expect(missing.status).toBe(404)
    expect(missing.text).toContain('NoSuchFileException: File ')
  })

  test('dlDir takes the whole tree along, with one time, and leaves earlier deletions theirs', async () => {
    account.emulator.seed([
      { path: 'Archive/dir/sub/a', content: 'a' },
      { path: 'Archive/dir/b', content: 'b' },
    ])
    await account.post('/Jotta/Archive/dir/b?dl=true')
    now += 60_000
    expect((await account.post('/Jotta/Archive/dir?dlDir=true')).text).toContain('deleted="2026-03-04-T05:07:07Z"')
    expect((await account.get('/Jotta/Archive/dir/sub/a')).text).toContain('deleted="2026-03-04-T05:07:07Z"')
    expect((await account.get('/Jotta/Archive/dir')).text).toMatch(
      /name="b" uuid="[^"]+" deleted="2026-03-04-T05:06:07Z"/,
    )
    expect((await account.post('/Jotta/Archive/dir?dlDir=true')).status).toBe(200)
    expect((await account.post('/Jotta/Archive/none?dlDir=true')).status).toBe(404)
  })

  test('an upload restores the file and the folders above it, and numbers go on', async () => {
    account.emulator.seed([
      { path: 'Archive/dir/a', content: 'a' },
      { path: 'Archive/dir/b', content: 'b' },
    ])
    await account.post('/Jotta/Archive/dir?dlDir=true')
    const allocation = await account.allocate('Archive/dir/A', 'new')
    expect((await account.get('/Jotta/Archive/dir/a')).text).toContain(' deleted="')
    await account.send(allocation, 'new')
    expect(await account.names('/Jotta/Archive/dir')).toEqual(['A', '(b)'])
    expect((await account.get('/Jotta/Archive/dir/a')).text).toMatch(/<currentRevision>\s*<number>2</)
  })

  test('allocate of known content restores at once', async () => {
    account.emulator.seed([{ path: 'Archive/dir/a', content: 'a' }])
    await account.post('/Jotta/Archive/dir?dlDir=true')
    expect((await account.allocate('Archive/dir/a', 'a')).state).toBe('COMPLETED')
    expect(await account.names('/Jotta/Archive/dir')).toEqual(['a'])
    expect(await account.names('/Jotta/Archive')).toEqual(['dir'])
  })

  test('purge_trash empties it and counts', async () => {
    account.emulator.seed([
      { path: 'Archive/dir/sub/a', content: 'a' },
      { path: 'Archive/b', content: 'b' },
      { path: 'Archive/c', content: 'c' },
    ])
    await account.post('/Jotta/Archive/dir?dlDir=true')
    await account.post('/Jotta/Archive/b?dl=true')
    expect(parse((await account.api('files/v1/purge_trash', '')).text)).toEqual({ folders: 2, files: 2 })
    expect(await account.names('/Jotta/Archive')).toEqual(['c'])
    expect((await account.get('')).text).toContain('<usage>1</usage>')
    expect(parse((await account.api('files/v1/purge_trash', '')).text)).toEqual({ folders: 0, files: 0 })
  })
})

describe('removal', () => {
  test('rm takes a live or trashed file away for good, and its content with it', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    const { text } = await account.get('/Jotta/Archive/a')
    expect((await account.post('/Jotta/Archive/a?rm=true')).text).toContain('<mountPoint ')
    expect((await account.get('/Jotta/Archive/a')).status).toBe(404)
    expect((await account.allocate('Archive/a', 'a')).state).toBe('INCOMPLETE')
    await account.put('Archive/a', 'a')
    const again = (await account.get('/Jotta/Archive/a')).text
    expect(again).toContain('<number>1</number>')
    expect(/uuid="[^"]+"/.exec(again)?.[0]).not.toBe(/uuid="[^"]+"/.exec(text)?.[0])
    await account.post('/Jotta/Archive/a?dl=true')
    expect((await account.post('/Jotta/Archive/a?rm=true')).status).toBe(200)
  })

  test('rm of a folder and rmDir of a file are 404', async () => {
    account.emulator.seed([{ path: 'Archive/dir/a', content: 'a' }])
    const rm = await account.post('/Jotta/Archive/dir?rm=true')
    expect([rm.status, rm.text.includes('NoSuchFileException')]).toEqual([404, true])
    const rmDir = await account.post('/Jotta/Archive/dir/a?rmDir=true')
    expect([rmDir.status, rmDir.text.includes('NoSuchPathException')]).toEqual([404, true])
  })

  test('rmDir takes a folder with all below it away, live or trashed', async () => {
    account.emulator.seed([
      { path: 'Archive/one/a', content: 'a' },
      { path: 'Archive/two/b', content: 'b' },
    ])
    await account.post('/Jotta/Archive/two?dlDir=true')
    for (const name of ['one', 'two']) {
      expect((await account.post(`/Jotta/Archive/${name}?rmDir=true`)).status).toBe(200)
      expect((await account.get(`/Jotta/Archive/${name}`)).status).toBe(404)
    }
    expect((await account.get('')).text).toContain('<usage>0</usage>')
  })
})
