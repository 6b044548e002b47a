import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { md5, signIn, type SignedIn } from './signed-in.ts'

const START = Date.UTC(2026, 2, 4, 5, 6, 7)
let now = START
let account: SignedIn

beforeEach(async () => {
  now = START
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

function hashHeaders(content: string, modified = '2020-01-01-T13:00:00+0100'): Record<string, string> {
  return { JSize: String(content.length), JMd5: md5(content), JCreated: modified, JModified: modified }
}

describe('cp', () => {
  test('copies with its times as revision 1 of a new file', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: '1', modified: Date.UTC(2020, 0, 1) }])
    await account.put('Archive/a', '2', { created: 0, modified: 1_600_000_000_000 })
    const source = (await account.get('/Jotta/Archive/a')).text
    now += 60_000
    const copy = (await account.post(`/Jotta/Archive/a?cp=${account.target('Jotta/Archive/d/b')}`)).text
    expect(copy).toContain('<number>1</number>')
    expect(copy).toContain('<created>1970-01-01-T00:00:00Z</created>')
    expect(copy).toContain('<modified>2020-09-13-T12:26:40Z</modified>')
    expect(copy).toContain('<updated>2026-03-04-T05:07:07Z</updated>')
    expect(/uuid="[^"]+"/.exec(copy)?.[0]).not.toBe(/uuid="[^"]+"/.exec(source)?.[0])
  })

  test('onto a live file adds a revision', async () => {
    account.emulator.seed([
      { path: 'Archive/a', content: 'a' },
      { path: 'Archive/b', content: 'b' },
    ])
    const copy = await account.post(`/Jotta/Archive/a?cp=${account.target('Jotta/Archive/b')}`)
    expect(copy.text).toMatch(/<currentRevision>\s*<number>2<.*<revisions>\s*<revision>\s*<number>1</s)
  })

  test('onto a trashed file stays trashed until cphash restores it', async () => {
    account.emulator.seed([
      { path: 'Archive/a', content: 'a' },
      { path: 'Archive/b', content: 'b' },
    ])
    await account.post('/Jotta/Archive/b?dl=true')
    const copy = await account.post(`/Jotta/Archive/a?cp=${account.target('Jotta/Archive/b')}`)
    expect(copy.status).toBe(200)
    expect(copy.text).toContain(' deleted="')
    const restored = await account.post('/Jotta/Archive/b?cphash=true', hashHeaders('a'))
    expect(restored.status).toBe(200)
    expect(restored.text).not.toContain(' deleted="')
    expect((await account.read('/Jotta/Archive/b')).text).toBe('a')
  })

  test('of a missing or trashed source is 404', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    await account.post('/Jotta/Archive/a?dl=true')
    for (const name of ['a', 'none']) {
      const answer = await account.post(`/Jotta/Archive/${name}?cp=${account.target('Jotta/Archive/b')}`)
      expect([answer.status, answer.text.includes('NoSuchFileException')]).toEqual([404, true])
    }
  })
})

describe('cphash', () => {
  test('of the content that is there changes its times in place', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    const answer = await account.post('/Jotta/Archive/a?cphash=true', hashHeaders('a'))
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<number>1</number>')
    expect(answer.text).toContain('<modified>2020-01-01-T12:00:00Z</modified>')
    expect(answer.text).not.toContain('<revisions>')
  })

  test('of known content makes a file or a revision', async () => {
    account.emulator.seed([
      { path: 'Archive/a', content: 'a' },
      { path: 'Archive/b', content: 'b' },
    ])
    expect((await account.post('/Jotta/Archive/new/c?cphash=true', hashHeaders('a'))).status).toBe(200)
    expect((await account.post('/Jotta/Archive/b?cphash=true', hashHeaders('a'))).text).toContain('<number>2</number>')
    const inParameter = await account.post(`/Jotta/Archive/d?cphash=${md5('a')}`, { JSize: '1' })
    expect(inParameter.status).toBe(200)
  })

  test('of unknown content is 404, unfinished uploads included', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    await account.allocate('Archive/b', 'unsent')
    expect((await account.post('/Jotta/Archive/a?cphash=true', hashHeaders('unsent'))).status).toBe(404)
    expect((await account.post('/Jotta/Archive/a?cphash=true', { ...hashHeaders('a'), JSize: '2' })).status).toBe(404)
  })

  test('restores a trashed file and the folders above it', async () => {
    account.emulator.seed([{ path: 'Archive/x/y/a', content: 'a' }])
    await account.post('/Jotta/Archive/x?dlDir=true')
    expect((await account.post('/Jotta/Archive/x/y/a?cphash=true', hashHeaders('a'))).text).not.toContain(' deleted=')
    expect(await account.names('/Jotta/Archive')).toEqual(['x'])
    expect(await account.names('/Jotta/Archive/x')).toEqual(['y'])
  })

  test('takes the year 1', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    const answer = await account.post('/Jotta/Archive/a?cphash=true', hashHeaders('a', '0001-01-01-T00:00:00Z'))
    expect(answer.text).toContain('<modified>0001-01-01-T00:00:00Z</modified>')
  })
})
