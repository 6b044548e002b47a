import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { md5, signIn, type SignedIn } from './signed-in.ts'

let account: SignedIn

beforeEach(async () => {
  account = await signIn()
})

afterEach(() => account.emulator.close())

describe('download', () => {
  test('gives the whole file, its length and type', async () => {
    await account.put('Archive/a.txt', 'hello world')
    const answer = await account.read('/Jotta/Archive/a.txt')
    expect(answer).toMatchObject({ status: 200, text: 'hello world' })
    expect(answer.headers).toMatchObject({
      'content-length': '11',
      'content-type': 'text/plain',
      'accept-ranges': 'bytes',
    })
  })

  test.each([
    ['bytes=0-4', 'hello', 'bytes 0-4/11'],
    ['bytes=6-', 'world', 'bytes 6-10/11'],
    ['bytes=6-100', 'world', 'bytes 6-10/11'],
    ['bytes=-5', 'world', 'bytes 6-10/11'],
    ['bytes=-100', 'hello world', 'bytes 0-10/11'],
    ['bytes=4-6,8-9', 'o w', 'bytes 4-6/11'],
  ])('gives the range %s', async (range, text, contentRange) => {
    await account.put('Archive/a.txt', 'hello world')
    const answer = await account.get('/Jotta/Archive/a.txt?mode=bin', { Range: range })
    expect(answer).toMatchObject({ status: 206, text })
    expect(answer.headers['content-range']).toBe(contentRange)
  })

  test('joins the pieces in which an upload arrived', async () => {
    const content = Array.from({ length: 40_000 }, (_, i) => `line ${i}\n`).join('')
    await account.put('Archive/a.txt', content)
    expect(md5((await account.read('/Jotta/Archive/a.txt')).text)).toBe(md5(content))
    const answer = await account.get('/Jotta/Archive/a.txt?mode=bin', { Range: 'bytes=60000-270000' })
    expect(answer.text).toBe(content.slice(60_000, 270_001))
  })

  test.each(['bytes=11-', 'bytes=100-5', 'bytes=5-4', 'bytes=-0'])('refuses the range %s', async (range) => {
    await account.put('Archive/a.txt', 'hello world')
    const answer = await account.get('/Jotta/Archive/a.txt?mode=bin', { Range: range })
    expect(answer.status).toBe(416)
    expect(answer.text).toContain('<code>416</code>')
    expect(answer.text).toContain('RequestedRangeNotSatisfiedException')
    expect(answer.headers['content-range']).toBe('bytes */11')
  })

  test('ignores what is no range, and has no range of an empty file', async () => {
    await account.put('Archive/a.txt', 'hello')
    expect((await account.get('/Jotta/Archive/a.txt?mode=bin', { Range: 'lines=1-2' })).status).toBe(200)
    await account.put('Archive/empty', '')
    expect((await account.get('/Jotta/Archive/empty?mode=bin', { Range: 'bytes=0-' })).status).toBe(416)
  })

  test('of folders, missing files and unfinished files is 404', async () => {
    await account.put('Archive/dir/a.txt', 'hello')
    await account.allocate('Archive/dir/b.txt', 'unsent')
    for (const path of ['/Jotta/Archive/dir', '/Jotta/Archive/c', '/Jotta/Archive/dir/b.txt', '/Jotta/Archive']) {
      const answer = await account.read(path)
      expect([path, answer.status, answer.text.includes('NoSuchFileException')]).toEqual([path, 404, true])
    }
  })
})

describe('seeded files', () => {
  test('have made-up bytes that fit their size and MD5', async () => {
    const sizes = [0, 1, 65_521, 200_000]
    account.emulator.seed(sizes.map((size) => ({ path: `Archive/${size}`, size })))
    for (const size of sizes) {
      const { text } = await account.get(`/Jotta/Archive/${size}`)
      expect(text).toContain(`<size>${size}</size>`)
      expect(await bytesMd5(`/Jotta/Archive/${size}`)).toBe(/<md5>(\w+)</.exec(text)?.[1])
    }
  })

  test('may have an MD5, a content and a time of their own', async () => {
    account.emulator.seed([
      { path: 'Archive/a', size: 7, md5: 'f'.repeat(32) },
      { path: 'Archive/b', content: 'hello', modified: Date.UTC(2020, 0, 1) },
    ])
    expect((await account.get('/Jotta/Archive/a')).text).toContain(`<md5>${'f'.repeat(32)}</md5>`)
    expect((await account.read('/Jotta/Archive/a')).headers['content-length']).toBe('7')
    expect((await account.get('/Jotta/Archive/b')).text).toContain('<modified>2020-01-01-T00:00:00Z</modified>')
    expect((await account.read('/Jotta/Archive/b')).text).toBe('hello')
  })
})

async function bytesMd5(path: string): Promise<string> {
  const headers = { Authorization: `Bearer ${account.tokens.access_token}` }
  const response = await fetch(`${account.urls.jfsUrl}${account.emulator.username}${path}?mode=bin`, { headers })
  return createHash('md5')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex')
}
