import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEmulator } from './index.ts'
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
  const account = await signIn({ stateDir: join(folder, 'state') })
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
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

describe('a process that is killed', () => {
  test('goes on with its port, its account and every upload that was answered', async () => {
    const program = join(folder, 'program.mjs')
    const index = join(import.meta.dirname, 'index.ts')
    const contents = `import { createEmulator } from ${JSON.stringify(index)}
      const emulator = createEmulator({ stateDir: process.argv[2] })
      const urls = await emulator.listen()
      process.send({ urls, username: emulator.username, loginToken: emulator.createLoginToken() })`
    const stdin = { contents, resolveDir: import.meta.dirname }
    await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program, logLevel: 'error' })
    const child = fork(program, [join(folder, 'state')])
    const [{ urls, username, loginToken }] = await once(child, 'message')
    const login = JSON.parse(Buffer.from(loginToken, 'base64url').toString())
    const tokenUrl = `${urls.apiUrl}auth/realms/jottacloud/protocol/openid-connect/token`
    const form = { grant_type: 'password', client_id: 'jottacli', username, password: login.auth_token }
    const tokens = tokensOf(await ask(tokenUrl, { method: 'POST', body: new URLSearchParams(form) }))
    const answered = await uploadUntilKilled(child, urls, `Bearer ${tokens.access_token}`)
    const emulator = createEmulator({ stateDir: join(folder, 'state') })
    const again = await emulator.listen()
    const account = requestsTo(emulator, again, tokens)
    running.push(account)
    expect(again.port).toBe(urls.port)
    expect(emulator.username).toBe(username)
    expect(answered).toBeGreaterThan(10)
    for (let i = 0; i < answered; i++) {
      expect((await account.read(`/Jotta/Archive/${i}`)).text).toBe(`content ${i}`)
    }
  })
})

async function uploadUntilKilled(child: ChildProcess, urls: { apiUrl: string }, token: string): Promise<number> {
  const headers = { Authorization: token }
  const timer = setTimeout(() => child.kill('SIGKILL'), 250)
  const exit = once(child, 'exit')
  let answered = 0
  try {
    for (;;) {
      const content = `content ${answered}`
      const body = JSON.stringify({ path: `Archive/${answered}`, bytes: content.length, md5: md5(content) })
      const { text } = await ask(`${urls.apiUrl}files/v1/allocate`, { method: 'POST', headers, body })
      await ask(JSON.parse(text).upload_url, { method: 'POST', headers, body: content })
      answered++
    }
  } catch {
    await exit
    return answered
  } finally {
    clearTimeout(timer)
  }
}
