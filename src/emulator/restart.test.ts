import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../test/support/local-server.ts'
import { createEmulator, type Emulator } from './index.ts'
import { ask, md5, requestsTo, signIn, tokensOf, type SignedIn } from './signed-in.ts'

let folder: string
const running: SignedIn[] = []

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'emulator-'))
})

afterEach(async () => {
  for (const account of running.splice(0)) await account.emulator.close()
  fs.rmSync(folder, { recursive: true })
})

async function start(): Promise<SignedIn> {
  const account = await signIn({ stateDir: join(folder, 'state') }, { port: await freePort() })
  running.push(account)
  return account
}

/**
 * Goes on with what is in the state folder at this moment, as after an abrupt end: the first emulator is not closed,
 * so the second one works on a copy and on another port.
 */
async function afterAbruptEnd(account: SignedIn): Promise<SignedIn> {
  const copy = fs.mkdtempSync(join(folder, 'copy-'))
  fs.cpSync(join(folder, 'state'), copy, { recursive: true })
  const emulator = createEmulator({ stateDir: copy })
  const urls = await emulator.listen({ port: await freePort() })
  const revived = requestsTo(emulator, urls, account.tokens)
  running.push(revived)
  return revived
}

function withoutTime(document: string): string {
  return document.replace(/ time="[^"]*"/, '')
}

describe('after an abrupt end', () => {
  test('tree, revisions, trash, links and bytes are as before', async () => {
    const first = await start()
    await first.put('Archive/dir/a.txt', 'one', { modified: 1_500_000_000_000 })
    await first.put('Archive/dir/a.txt', 'two', { modified: 1_600_000_000_000 })
    first.emulator.seed([
      { path: 'Archive/dir/sub/seeded', size: 1234 },
      { path: 'Archive/gone/b', content: 'bee' },
      { path: 'Archive/moved', content: 'moved' },
    ])
    await first.post('/Jotta/Archive/gone?dlDir=true')
    await first.get('/Jotta/Archive/dir/a.txt?mode=enableShare')
    await first.post(`/Jotta/Archive/moved?mv=${first.target('Jotta/Sync/ø')}`)
    await first.post('/laptop?type=LAPTOP')
    const second = await afterAbruptEnd(first)
    const paths = ['', '/Jotta', '/laptop', '/Jotta/Archive?mode=list', '/Jotta/Archive/dir/a.txt', '/Jotta/Trash']
    for (const path of paths) {
      expect(withoutTime((await second.get(path)).text), path).toBe(withoutTime((await first.get(path)).text))
    }
    for (const path of ['/Jotta/Archive/dir/a.txt', '/Jotta/Archive/dir/sub/seeded', '/Jotta/Archive/gone/b']) {
      expect(await second.read(path)).toMatchObject({ status: 200, text: (await first.read(path)).text })
    }
    expect((await second.get('/Jotta/Archive/dir/a.txt?mode=bin&revision=1')).text).toBe('one')
    expect((await second.read('/Jotta/Sync/%C3%B8')).text).toBe('moved')
  })

  test('tokens still work, used ones stay used, unused login tokens stay unused', async () => {
    const first = await start()
    const unused = first.emulator.createLoginToken()
    const second = await afterAbruptEnd(first)
    expect((await second.get('')).status).toBe(200)
    const tokenUrl = `${second.urls.apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`
    const refresh = (token: string) => {
      const form = { grant_type: 'refresh_token', refresh_token: token, client_id: 'jottacli' }
      return ask(tokenUrl, { method: 'POST', body: new URLSearchParams(form) })
    }
    const next = tokensOf(await refresh(first.tokens.refresh_token))
    expect((await refresh(next.refresh_token)).status).toBe(200)
    expect((await refresh(first.tokens.refresh_token)).status).toBe(400)
    const password = String(JSON.parse(Buffer.from(unused, 'base64url').toString()).auth_token)
    const form = { grant_type: 'password', client_id: 'jottacli', username: first.emulator.username, password }
    expect((await ask(tokenUrl, { method: 'POST', body: new URLSearchParams(form) })).status).toBe(200)
    expect((await ask(tokenUrl, { method: 'POST', body: new URLSearchParams(form) })).status).toBe(400)
  })

  test('an upload goes on at the received prefix', async () => {
    const first = await start()
    const content = 'x'.repeat(100_000)
    const allocation = await first.allocate('Archive/a', content)
    await first.send(allocation, content.slice(0, 70_000), { Range: 'bytes=0-69999' })
    const second = await afterAbruptEnd(first)
    const again = await second.allocate('Archive/a', content)
    expect(again.resume_pos).toBe(70_000)
    expect((await second.send(again, content.slice(70_000), { Range: 'bytes=70000-99999' })).status).toBe(200)
    expect(md5((await second.read('/Jotta/Archive/a')).text)).toBe(md5(content))
  })

  test('a torn last line of the journal is cut off', async () => {
    const first = await start()
    await first.put('Archive/a', 'a')
    const journal = join(folder, 'state', 'journal.jsonl')
    await first.emulator.close()
    fs.appendFileSync(journal, '{"op":"mkdir","path":["Jotta","Arch')
    const second = await afterAbruptEnd(first)
    await second.put('Archive/b', 'b')
    expect(await second.names('/Jotta/Archive')).toEqual(['a', 'b'])
  })

  test('a part whose end was noted but which was not yet put in its place is', async () => {
    const first = await start()
    await first.put('Archive/a', 'hello')
    await first.emulator.close()
    const state = join(folder, 'state')
    const journal = fs.readFileSync(join(state, 'journal.jsonl'), 'utf8')
    const id = /"op":"complete","id":"([^"]+)"/.exec(journal)?.[1] ?? ''
    fs.renameSync(join(state, 'blobs', `${md5('hello')}-5`), join(state, 'parts', id))
    const second = await afterAbruptEnd(first)
    expect((await second.read('/Jotta/Archive/a')).text).toBe('hello')
  })

  test('bytes that nothing refers to are cleared away', async () => {
    const first = await start()
    await first.put('Archive/a', 'hello')
    fs.writeFileSync(join(folder, 'state', 'blobs', 'stray-1'), 'x')
    fs.writeFileSync(join(folder, 'state', 'parts', 'stray'), 'x')
    await afterAbruptEnd(first)
    const copy = fs.readdirSync(folder).find((name) => name.startsWith('copy-')) ?? ''
    expect(fs.readdirSync(join(folder, copy, 'blobs'))).toEqual([`${md5('hello')}-5`])
    expect(fs.readdirSync(join(folder, copy, 'parts'))).toEqual([])
  })
})

describe('the journal', () => {
  test('is compacted when it is opened, and loses nothing by it', async () => {
    const first = await start()
    first.emulator.seed(Array.from({ length: 600 }, (_, size) => ({ path: 'Archive/dir/a', size })))
    first.emulator.seed([{ path: 'Archive/gone/b', content: 'bee' }])
    await first.post('/Jotta/Archive/gone?dlDir=true')
    await first.send(await first.allocate('Archive/part', 'half sent'), 'half', { Range: 'bytes=0-3' })
    const before = withoutTime((await first.get('/Jotta/Archive?mode=list')).text)
    const second = await afterAbruptEnd(first)
    const copy = fs.readdirSync(folder).find((name) => name.startsWith('copy-')) ?? ''
    expect(fs.readFileSync(join(folder, copy, 'journal.jsonl'), 'utf8').split('\n').length).toBeLessThan(30)
    expect(withoutTime((await second.get('/Jotta/Archive?mode=list')).text)).toBe(before)
    expect((await second.allocate('Archive/part', 'half sent')).resume_pos).toBe(4)
  })
})

function journalFile(): string {
  return join(folder, 'state', 'journal.jsonl')
}

async function stateWith(...contents: string[]): Promise<void> {
  const account = await start()
  for (const content of contents) await account.put(`Archive/${content}`, content)
  await account.emulator.close()
}

function reopen(onWarning?: (message: string) => void): Emulator {
  return createEmulator({ stateDir: join(folder, 'state'), ...(onWarning && { onWarning }) })
}

describe('a state folder that cannot be read as it is', () => {
  test('is refused, untouched, if a newer version wrote it', async () => {
    await stateWith('a')
    fs.writeFileSync(journalFile(), fs.readFileSync(journalFile(), 'utf8').replace('"version":1', '"version":2'))
    const before = fs.readFileSync(journalFile(), 'utf8')
    expect(() => reopen()).toThrow(/written by a newer version of this program \(format 2\)/)
    expect(fs.readFileSync(journalFile(), 'utf8')).toBe(before)
    expect(fs.readdirSync(join(folder, 'state', 'blobs'))).toHaveLength(1)
  })

  test.each([
    ['garbage', '#### not a record ####'],
    ['a record that does not fit', '{"op":"trash","kind":"file","path":["Jotta","Archive","none"],"at":1}'],
    ['an unknown record', '{"op":"teleport"}'],
  ])('is refused, untouched, if %s stands in the middle', async (_what, line) => {
    await stateWith('a', 'b')
    const lines = fs.readFileSync(journalFile(), 'utf8').split('\n')
    lines.splice(6, 0, line)
    fs.writeFileSync(journalFile(), lines.join('\n'))
    expect(() => reopen()).toThrow(/is damaged in line 7, and whole records follow: nothing was changed/)
    expect(fs.readFileSync(journalFile(), 'utf8')).toBe(lines.join('\n'))
    expect(fs.readdirSync(join(folder, 'state', 'blobs'))).toHaveLength(2)
  })

  test.each([
    ['a torn record', '{"op":"mkdir","pa'],
    ['zeros', '\0'.repeat(5000)],
    ['lines of garbage', 'x\ny\nz\n'],
  ])('is recovered to its last whole record, aloud, if it ends in %s', async (_what, tail) => {
    await stateWith('a', 'b')
    const whole = fs.readFileSync(journalFile(), 'utf8')
    fs.appendFileSync(journalFile(), tail)
    const warnings: string[] = []
    const emulator = reopen((message) => warnings.push(message))
    await emulator.listen()
    expect(warnings).toEqual([expect.stringContaining(`ended in ${tail.length} bytes that are no whole record`)])
    expect(fs.readFileSync(journalFile(), 'utf8').startsWith(whole)).toBe(true)
    const aside = fs.readdirSync(join(folder, 'state')).find((name) => name.includes('.cut-')) ?? ''
    expect(fs.readFileSync(join(folder, 'state', aside), 'utf8')).toBe(tail)
    await emulator.close()
  })

  test('is refused if it is no journal at all', async () => {
    await stateWith('a')
    fs.writeFileSync(journalFile(), 'Dear diary')
    expect(() => reopen()).toThrow('is no journal of an emulator')
    expect(fs.readFileSync(journalFile(), 'utf8')).toBe('Dear diary')
  })

  test.each(['gone', 'empty'])('keeps its contents if the journal is %s', async (how) => {
    await stateWith('a', 'b')
    if (how === 'gone') fs.rmSync(journalFile())
    else fs.writeFileSync(journalFile(), '')
    expect(() => reopen()).toThrow('holds contents, but its journal is missing or empty')
    expect(fs.readdirSync(join(folder, 'state', 'blobs'))).toHaveLength(2)
  })

  test('is refused if its names would be the same by other rules, and can be opened by its own', async () => {
    const account = await signIn({ stateDir: join(folder, 'state'), dialect: { caseFolding: 'ascii' } })
    account.emulator.seed([
      { path: 'Archive/æ', content: '1' },
      { path: 'Archive/Æ', content: '2' },
    ])
    await account.emulator.close()
    expect(() => reopen()).toThrow('"æ" and "Æ" would be the same')
    await createEmulator({ stateDir: join(folder, 'state'), dialect: { caseFolding: 'ascii' } }).close()
  })
})

describe('a state folder', () => {
  test('belongs to one emulator at a time; a copy of it is free', async () => {
    const first = await start()
    await first.put('Archive/a', 'a')
    expect(() => reopen()).toThrow(`state is in use by another emulator, process ${process.pid}: end it first`)
    const copy = await afterAbruptEnd(first)
    expect((await copy.read('/Jotta/Archive/a')).text).toBe('a')
    await first.emulator.close()
    await reopen().close()
  })
})

describe('what is kept with the state', () => {
  test('quota, locks, remembered numbers and the rules for names', async () => {
    const stateDir = join(folder, 'state')
    const dialect = { revisionAfterHardDelete: 'continues', trashedSpelling: 'stored' } as const
    const first = await signIn({ stateDir, dialect, quota: 1000 }, { port: await freePort() })
    first.emulator.account.set({ readLocked: true })
    await first.put('Archive/a', 'a')
    await first.post('/Jotta/Archive/a?rm=true')
    await first.emulator.close()
    const emulator = createEmulator({ stateDir, dialect })
    const second = requestsTo(emulator, await emulator.listen(), first.tokens)
    running.push(second)
    expect(second.emulator.account.settings()).toMatchObject({ quota: 1000, readLocked: true })
    second.emulator.account.set({ readLocked: false })
    await second.put('Archive/A', 'again')
    expect((await second.get('/Jotta/Archive/a')).text).toContain('<number>2</number>')
  })
})

describe('a taken port', () => {
  test('is named, and the emulator can still listen elsewhere', async () => {
    const first = await start()
    const second = createEmulator()
    await expect(second.listen({ port: first.urls.port })).rejects.toThrow(
      `Cannot listen on port ${first.urls.port} of 127.0.0.1: another program has it`,
    )
    await expect(second.listen()).resolves.toMatchObject({ port: expect.any(Number) })
    await second.close()
  })
})
