import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { md5, parse, signIn, type SignedIn } from './signed-in.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7)
let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

describe('allocate', () => {
  test('announces an upload, makes the parents and shows an unfinished revision', async () => {
    const body = { path: '/jfs/Jotta/Archive/new/dir/a.txt', bytes: 5, md5: md5('hello') }
    const answer = await account.api('files/v1/allocate', body)
    expect(parse(answer.text)).toEqual({
      name: 'a.txt',
      path: '/jfs/Jotta/Archive/new/dir/a.txt',
      state: 'INCOMPLETE',
      upload_id: expect.any(String),
      upload_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/upload\/.+/),
      bytes: 5,
      resume_pos: 0,
    })
    const file = await account.get('/Jotta/Archive/new/dir/a.txt')
    expect(file.text).toContain('<latestRevision>')
    expect(file.text).not.toContain('<currentRevision>')
    expect(file.text).toContain('<size>0</size>')
    expect((await account.get('/Jotta/Archive/new/dir')).text).not.toContain('<size>')
  })

  test('takes the short form of paths, with and without a leading slash', async () => {
    for (const path of ['Archive/a.txt', '/archive/A.txt']) {
      const answer = await account.api('files/v1/allocate', { path, bytes: 5, md5: md5('hello') })
      expect(parse(answer.text)).toMatchObject({ path, state: 'INCOMPLETE' })
    }
    expect((await account.get('/Jotta/Archive')).text).toContain('num_files="1"')
  })

  test.each([
    ['2020-07-01T14:00:00+02:00', '2020-07-01-T12:00:00Z'],
    ['2020-07-01T14:00:00.999Z', '2020-07-01-T14:00:00Z'],
    ['2020-07-01-T14:00:00+0230', '2020-07-01-T11:30:00Z'],
    [1_593_604_800_999, '2020-07-01-T12:00:00Z'],
    ['not a date', '2026-03-04-T05:06:07Z'],
    [undefined, '2026-03-04-T05:06:07Z'],
  ])('reads the date %s', async (modified, shown) => {
    await account.put('Archive/a.txt', 'hello', { modified, created: 0 })
    const { text } = await account.get('/Jotta/Archive/a.txt')
    expect(text).toContain(`<modified>${shown}</modified>`)
    expect(text).toContain('<created>1970-01-01-T00:00:00Z</created>')
    expect(text).toContain('<updated>2026-03-04-T05:06:07Z</updated>')
  })

  test('of known content needs no bytes, but takes them', async () => {
    await account.put('Archive/a.txt', 'hello')
    const allocation = await account.allocate('Archive/other/b.txt', 'hello')
    expect(allocation).toMatchObject({ state: 'COMPLETED', bytes: 5 })
    expect((await account.get('/Jotta/Archive/other/b.txt?mode=bin')).text).toBe('hello')
    const sent = await account.send(allocation, 'hello', { Range: 'bytes=0-5' })
    expect(parse(sent.text)).toMatchObject({ bytes: 5, md5: md5('hello') })
  })

  test('of the known MD5 with another size wants an upload', async () => {
    await account.put('Archive/a.txt', 'hello')
    expect(await account.allocate('Archive/b.txt', 'hello', { bytes: 6 })).toMatchObject({ state: 'INCOMPLETE' })
  })

  test('of the content that is there changes the times and adds no revision', async () => {
    await account.put('Archive/a.txt', 'hello', { modified: 1_500_000_000_000 })
    await account.put('Archive/a.txt', 'hello', { modified: 1_600_000_000_000 })
    const { text } = await account.get('/Jotta/Archive/a.txt')
    expect(text).toContain('<number>1</number>')
    expect(text).toContain('<modified>2020-09-13-T12:26:40Z</modified>')
  })

  test('refuses an existing file when asked to', async () => {
    await account.put('Archive/a.txt', 'hello')
    const body = { path: '/jfs/Jotta/Archive/A.TXT', bytes: 5, md5: md5('other'), conflict_handler: 'REJECT_CONFLICTS' }
    const answer = await account.api('files/v1/allocate', body)
    expect(answer.status).toBe(409)
    expect(parse(answer.text)).toMatchObject({ code: 409, error_id: 'UniqueFileException' })
    expect((await account.api('files/v1/allocate', { ...body, conflict_handler: 'CREATE_NEW_REVISION' })).status).toBe(
      200,
    )
  })

  test('refuses names that cannot be stored', async () => {
    const statusFor = async (name: string): Promise<number> =>
      (await account.api('files/v1/allocate', { path: `/jfs/Jotta/Archive/${name}`, bytes: 1, md5: md5('x') })).status
    expect(await statusFor('ø'.repeat(255))).toBe(200)
    expect(await statusFor('ø'.repeat(256))).toBe(400)
    expect(await statusFor('😀'.repeat(127))).toBe(200)
    expect(await statusFor('😀'.repeat(128))).toBe(400)
    for (const name of ['a\ufeff', 'a\u200bb', 'a:b', 'a\u0001', 'a\uffff', '\ud800', '..']) {
      expect(await statusFor(name), JSON.stringify(name)).toBe(400)
    }
    expect(await statusFor(' 100% sure. ')).toBe(200)
    const percent = await account.api('files/v1/allocate', { path: '/jfs/Jotta/Archive/p%41', bytes: 1, md5: md5('x') })
    expect([percent.status, percent.text]).toEqual([400, 'Bad request'])
    expect(percent.headers['content-type']).toBe('text/plain')
  })

  test('refuses what makes no sense', async () => {
    const good = { path: '/jfs/Jotta/Archive/a', bytes: 1, md5: md5('x') }
    const bad = [
      { path: 'Archive' },
      { path: 7 },
      { bytes: -1 },
      { bytes: '1' },
      { md5: 'x' },
      { path: '/jfs/Jotta/Trash/a' },
    ]
    for (const wrong of bad) {
      const answer = await account.api('files/v1/allocate', { ...good, ...wrong })
      expect(answer.status, JSON.stringify(wrong)).toBe(400)
      expect(parse(answer.text)).toMatchObject({ error_id: 'InvalidArgumentException' })
    }
    expect((await account.api('files/v1/allocate', { ...good, path: '/jfs/Nowhere/Archive/a' })).status).toBe(404)
    expect((await account.api('files/v1/allocate', 'text')).status).toBe(400)
  })

  test('refuses to put a file where a folder is, and below a file', async () => {
    await account.put('Archive/dir/a.txt', 'hello')
    for (const path of ['Archive/dir', 'Archive/dir/a.txt/b.txt']) {
      const body = { path: `/jfs/Jotta/${path}`, bytes: 5, md5: md5('hello') }
      expect((await account.api('files/v1/allocate', body)).status).toBe(409)
    }
  })
})

describe('quota', () => {
  test('is kept, counts the current revision, and may be unlimited', async () => {
    const small = await signIn({ quota: 10 })
    await small.put('Archive/a.txt', '12345678')
    await small.put('Archive/a.txt', '1234567890')
    const answer = await small.api('files/v1/allocate', { path: 'Archive/b', bytes: 1, md5: md5('x') })
    expect(answer.status).toBe(507)
    expect((await small.get('')).text).toMatch(/<capacity>10<.*<usage>10</s)
    await small.post('/Jotta/Archive/a.txt?rm=true')
    await small.put('Archive/b', 'x')
    await small.emulator.close()
    const unlimited = await signIn({ quota: -1 })
    expect((await unlimited.get('')).text).toContain('<capacity>-1</capacity>')
    await unlimited.put('Archive/b', 'x')
    await unlimited.emulator.close()
  })
})
