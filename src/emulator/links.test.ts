import { crc32 } from 'node:zlib'
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

  test('have a page that names the file and leads to its bytes', async () => {
    account.emulator.seed([{ path: 'Archive/a & b.txt', content: 'hello' }])
    const shared = await account.document('/Jotta/Archive/a%20%26%20b.txt?mode=enableShare')
    const page = /<publicSharePath>\/([^<]+)</.exec(shared)?.[1] ?? ''
    const { status, text } = await ask(account.urls.wwwUrl + page)
    expect([status, text.includes('<h1>a &amp; b.txt</h1>')]).toEqual([200, true])
    const link = /href="\/([^"]+)"/.exec(text)?.[1] ?? ''
    expect((await ask(account.urls.wwwUrl + link)).text).toBe('hello')
    expect((await ask(`${account.urls.wwwUrl}p/${user}/0000`)).status).toBe(404)
    expect((await ask(`${account.urls.wwwUrl}p/somebody/${link.split('/').at(-1)}`)).status).toBe(404)
  })

  test('give a folder as a zip file of what is live in it', async () => {
    account.emulator.seed([
      { path: 'Archive/dir/æ.txt', content: 'hello' },
      { path: 'Archive/dir/sub/b', size: 100_000 },
      { path: 'Archive/dir/gone', content: 'gone' },
    ])
    await account.post('/Jotta/Archive/dir/gone?dl=true')
    const shared = await account.document('/Jotta/Archive/dir?mode=enableShare')
    const uri = /<publicURI>([0-9a-f]{32})</.exec(shared)?.[1] ?? ''
    const response = await fetch(`${account.urls.wwwUrl}opin/io/downloadPublic/${user}/${uri}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    const files = unzipped(bytes)
    expect([...files.keys()]).toEqual(['dir/', 'dir/æ.txt', 'dir/sub/', 'dir/sub/b'])
    expect(files.get('dir/æ.txt')?.toString()).toBe('hello')
    expect(files.get('dir/sub/b')).toHaveLength(100_000)
  })
})

describe('thumbnails', () => {
  test('are not made: 501 for pictures, 400 for what is none', async () => {
    account.emulator.seed([
      { path: 'Archive/a.png', content: 'x' },
      { path: 'Archive/a.txt', content: 'x' },
    ])
    const status = async (query: string): Promise<number> => (await account.get(`/Jotta/Archive/${query}`)).status
    expect(await status('a.png?mode=thumb&ts=WM')).toBe(501)
    expect(await status('a.png?mode=thumb&ts=huge')).toBe(400)
    expect(await status('a.txt?mode=thumb&ts=WM')).toBe(400)
    expect(await status('b.png?mode=thumb&ts=WM')).toBe(404)
  })
})

/** The files of a zip file by its directory, with their checksums compared. */
function unzipped(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.byteLength - 22
  expect(bytes.readUInt32LE(end)).toBe(0x0605_4b50)
  const files = new Map<string, Buffer>()
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [crc, size, nameLength] = [
      bytes.readUInt32LE(at + 16),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
    ]
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const local = bytes.readUInt32LE(at + 42)
    expect(bytes.readUInt32LE(local)).toBe(0x0403_4b50)
    const start = local + 30 + bytes.readUInt16LE(local + 26)
    const content = bytes.subarray(start, start + size)
    expect(crc32(content)).toBe(crc)
    files.set(name, content)
    at += 46 + nameLength
  }
  return files
}
