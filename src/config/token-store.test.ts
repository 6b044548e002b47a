import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asNobody } from '../../test/support/as-nobody.ts'
import type { Logger } from '../core/context.ts'
import { StorageError } from '../core/errors.ts'
import type { Token, TokenStore } from '../core/token.ts'
import type { FileCalls } from '../util/atomic-file.ts'
import { type ConfigFile, loadConfig } from './file.ts'
import { formatTokenBlob } from '../core/token-blob.ts'
import { createTokenStore, forgetKeptToken, type TokenStoreOptions } from './token-store.ts'

let bundles = ''
let dir = ''
let path = ''
let stateDir = ''
let logged: string[] = []
const children: ChildProcess[] = []
const log: Logger = { log: ({ level, text }) => void logged.push(`${level}: ${text}`), enabled: () => true }

/** Renews a login so many times, each refresh token noted in a file as the server would see it; 'hang' dies in between. */
const renewer = `
import { appendFileSync } from 'node:fs'
import { loadConfig } from './file.ts'
import { createTokenStore } from './token-store.ts'
const [path, stateDir, times] = process.argv.slice(2)
const log = { log: () => undefined, enabled: () => false }
const config = await loadConfig(path, { log, stateDir })
const store = createTokenStore({ config, section: 'j', name: 'j', log })
for (let i = 0; i < Number(times) || times === 'hang'; i++) {
  await store.update(async (now, renewal) => {
    await renewal.begin()
    appendFileSync(path + '.used', now.refreshToken + '\\n')
    if (times === 'hang') {
      console.log('inside')
      await new Promise((done) => setTimeout(done, 60000))
    }
    const next = Number(now.refreshToken) + 1
    return { ...now, accessToken: 'a' + next, refreshToken: String(next), expiry: now.expiry + 1n }
  })
}
`

beforeAll(async () => {
  bundles = await mkdtemp(join(tmpdir(), 'token-bundle-'))
  await build({
    stdin: { contents: renewer, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile: join(bundles, 'renewer.mjs'),
  })
})
afterAll(() => rm(bundles, { recursive: true }))
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'token-'))
  path = join(dir, 'rclone.conf')
  stateDir = join(dir, 'state')
  logged = []
  await writeFile(path, `# mine\n[j]\ntype = jottacloud\ntoken = ${formatTokenBlob(token(0))}\n`)
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await chmod(dir, 0o700)
  await rm(dir, { recursive: true })
})

function token(n: number): Token {
  return {
    accessToken: `a${n}`,
    tokenType: 'Bearer',
    refreshToken: String(n),
    expiry: 1_700_000_000_000_000_000n + BigInt(n),
  }
}

const next = (now: Token): Promise<Token> => Promise.resolve(token(Number(now.refreshToken) + 1))

async function openStore(more: Partial<TokenStoreOptions> & { configCalls?: FileCalls } = {}): Promise<TokenStore> {
  const { configCalls, ...rest } = more
  const config = rest.config ?? (await loadConfig(path, { log, stateDir, ...(configCalls && { calls: configCalls }) }))
  return createTokenStore({ config, section: 'j', name: 'j', log, ...rest })
}

function inMemory(): Promise<ConfigFile> {
  return loadConfig(undefined, { log, stateDir })
}

function start(times: string): ChildProcess {
  const child = spawn(process.execPath, [join(bundles, 'renewer.mjs'), path, stateDir, times], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

const failing = (code: string): FileCalls => ({
  rename: () => Promise.reject(Object.assign(new Error(code), { code })),
  open,
})

describe('a renewed token', () => {
  test('is in the config when update resolves, and the rest of the file is as it was', async () => {
    const store = await openStore()
    expect(await store.update(next)).toEqual(token(1))
    expect(await readFile(path, 'utf8')).toBe(
      `# mine\n[j]\ntype = jottacloud\ntoken = ${formatTokenBlob(token(1))}\n\n`,
    )
    expect(await store.read()).toEqual(token(1))
    expect((await readdir(dir)).sort()).toEqual(['rclone.conf'])
  })

  test('is read by another store of another program', async () => {
    const [one, two] = [await openStore(), await openStore()]
    await one.update(next)
    expect(await two.read()).toEqual(token(1))
  })

  test('is not stored when it is the current one', async () => {
    const before = (await stat(path)).mtimeMs
    await (await openStore()).update((now) => Promise.resolve({ ...now }))
    expect((await stat(path)).mtimeMs).toBe(before)
  })

  test('is nothing when the change fails, and the lock is free again', async () => {
    const store = await openStore()
    await expect(store.update(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
    expect(await store.update(next)).toEqual(token(1))
  })

  test('of 50 updates in each of two processes: none is lost, none is made twice', async () => {
    const ended = [start('50'), start('50')].map((child) => once(child, 'exit'))
    expect((await Promise.all(ended)).map(([code]: unknown[]) => code)).toEqual([0, 0])
    expect(await (await openStore()).read()).toEqual(token(100))
    const used = (await readFile(`${path}.used`, 'utf8')).trim().split('\n')
    expect(used).toEqual(Array.from({ length: 100 }, (_, n) => String(n)))
  })

  test('asked for by two at once is adopted by the second', async () => {
    const [one, two] = [await openStore(), await openStore()]
    const stale = await one.read()
    let renewals = 0
    const renewOnce = (now: Token): Promise<Token> => {
      if (now.accessToken !== stale.accessToken) return Promise.resolve(now)
      renewals++
      return next(now)
    }
    expect(await Promise.all([one.update(renewOnce), two.update(renewOnce)])).toEqual([token(1), token(1)])
    expect(renewals).toBe(1)
  })

  test('of a process that was killed between lock and write keeps nobody waiting, and the file is whole', async () => {
    const child = start('hang')
    await once(child.stdout ?? child, 'data')
    const before = await readFile(path, 'utf8')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await readFile(path, 'utf8')).toBe(before)
    const began = performance.now()
    expect(await (await openStore()).update(next)).toEqual(token(1))
    expect(performance.now() - began).toBeLessThan(20_000) // the lease is longer
  })
})

describe('where the config cannot be written', () => {
  test('the token is kept in the state folder, said once, and found again', async () => {
    const store = await openStore({ configCalls: failing('ENOSPC') })
    await store.update(next)
    await store.update(next)
    expect(logged).toEqual([
      expect.stringMatching(
        /^NOTICE: Config file ".*rclone\.conf" cannot be written \(no space left on device\): the renewed login of "j" is kept in ".*state\/tokens\/[0-9a-f]{32}-[0-9a-f]{32}\.json"$/,
      ),
    ])
    expect(await (await openStore({ configCalls: failing('ENOSPC') })).read()).toEqual(token(2))
    const [kept] = await readdir(join(stateDir, 'tokens'))
    expect((await stat(join(stateDir, 'tokens', String(kept)))).mode & 0o777).toBe(0o600)
  })

  test('it goes back into the config once that can be written', async () => {
    await (await openStore({ configCalls: failing('ENOSPC') })).update(next)
    await (await openStore()).update(next)
    expect(await readFile(path, 'utf8')).toContain(formatTokenBlob(token(2)))
    expect(await readdir(join(stateDir, 'tokens'))).toEqual([])
  })

  test('also when it is only read, and at once what a helper has left', async () => {
    await (await openStore({ configCalls: failing('ENOSPC') })).update(next)
    expect(await (await openStore()).read()).toEqual(token(1))
    expect(await readFile(path, 'utf8')).toContain(formatTokenBlob(token(1)))
    expect(await readdir(join(stateDir, 'tokens'))).toEqual([])
    await (await openStore({ configCalls: failing('ENOSPC') })).update(next)
    logged = []
    expect(await (await openStore({ configCalls: failing('ENOSPC') })).read()).toEqual(token(2))
    expect(logged).toEqual([])
  })

  test('but not while a helper renews it, whose token would not be found then', async () => {
    const store = await openStore()
    let leaveAt = ''
    const killed = (helper?: number): Promise<unknown> => {
      const work = store.update(async (_, renewal) => {
        leaveAt = renewal?.leaveAt ?? ''
        await renewal?.begin(helper)
        throw new Error('killed')
      })
      return expect(work).rejects.toThrow('killed')
    }
    await killed()
    await writeFile(leaveAt, formatTokenBlob(token(1)))
    const helper = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'])
    await killed(helper.pid)
    expect(await (await openStore()).read()).toEqual(token(1))
    await writeFile(leaveAt, formatTokenBlob(token(2)))
    helper.kill('SIGKILL')
    expect(await (await openStore()).read()).toEqual(token(2))
    expect(await readFile(path, 'utf8')).toContain(formatTokenBlob(token(2)))
  })

  test('and where it is, is said when it is damaged', async () => {
    await (await openStore({ configCalls: failing('ENOSPC') })).update(next)
    const [kept = ''] = await readdir(join(stateDir, 'tokens'))
    await writeFile(join(stateDir, 'tokens', kept), '{"refresh_token":7}')
    await expect((await openStore()).read()).rejects.toMatchObject({
      code: 'config',
      message: `the token of "j" in "${join(stateDir, 'tokens', kept)}" is damaged`,
      details: { hint: 'Log in again: run "fjord config reconnect j:".' },
    })
  })

  test.each(['the section', 'the file'])('and is found when %s has got another name', async (what) => {
    await (await openStore({ configCalls: failing('ENOSPC') })).update(next)
    const text = await readFile(path, 'utf8')
    if (what === 'the section') await writeFile(path, text.replace('[j]', '[k]'))
    else await rename(path, join(dir, 'moved.conf'))
    const config = await loadConfig(what === 'the file' ? join(dir, 'moved.conf') : path, { log, stateDir })
    const section = what === 'the section' ? 'k' : 'j'
    expect(await (await openStore({ config, section })).read()).toEqual(token(1))
    expect(config.get(section)?.['token']).toBe(formatTokenBlob(token(1)))
    expect(await readdir(join(stateDir, 'tokens'))).toEqual([])
  })

  test('a token of a later login in the config counts, an older one does not', async () => {
    await (await openStore({ configCalls: failing('ENOSPC') })).update(next)
    await writeFile(path, `[j]\ntoken = ${formatTokenBlob(token(5))}\n`)
    expect(await (await openStore()).read()).toEqual(token(5))
    await writeFile(path, `[j]\ntoken = ${formatTokenBlob(token(0))}\n`)
    const store = await openStore()
    expect(await store.read()).toEqual(token(1))
  })

  test('what is kept goes before what it was renewed from, though that expires later: the clock may have been set back', async () => {
    const renewed = { ...token(1), expiry: 1n }
    await (await openStore({ configCalls: failing('ENOSPC') })).update(() => Promise.resolve(renewed))
    expect(await (await openStore({ configCalls: failing('ENOSPC') })).read()).toEqual(renewed)
    const presented: Token[] = []
    const present = (now: Token): Promise<Token> => {
      presented.push(now)
      return next(now)
    }
    await (await openStore({ configCalls: failing('ENOSPC') })).update(present)
    expect(presented).toEqual([renewed])
    expect(await (await openStore()).read()).toEqual(token(2))
    expect(await readFile(path, 'utf8')).toContain(formatTokenBlob(token(2)))
  })

  test('nor does a later login whose token expires sooner give way to it', async () => {
    await (await openStore({ configCalls: failing('ENOSPC') })).update(next)
    const login = { ...token(5), expiry: 1n }
    await writeFile(path, `[j]\ntoken = ${formatTokenBlob(login)}\n`)
    expect(await (await openStore()).read()).toEqual(login)
  })

  test('what was kept is forgotten for a new login', async () => {
    await (await openStore({ configCalls: failing('ENOSPC') })).update(next)
    const config = await loadConfig(path, { log, stateDir })
    await forgetKeptToken(config, 'j')
    expect(await (await openStore({ config })).read()).toEqual(token(0))
  })

  test('a folder that is read-only, with a file that is too, sends lock and token to the state folder', async () => {
    await mkdir(stateDir)
    await chown(stateDir, 65_534, 65_534).catch(() => undefined)
    await chmod(path, 0o444)
    await chmod(dir, 0o555)
    await asNobody(async () => {
      expect(await (await openStore()).update(next)).toEqual(token(1))
      expect(await (await openStore()).read()).toEqual(token(1))
    })
    expect(await readFile(path, 'utf8')).toContain(formatTokenBlob(token(0)))
  })

  test('nothing is renewed where no lock can be taken', async () => {
    await chmod(path, 0o444)
    await chmod(dir, 0o555)
    let asked = false
    await asNobody(async () => {
      const store = await openStore()
      const renewal = store.update((now) => {
        asked = true
        return next(now)
      })
      await expect(renewal).rejects.toMatchObject({ code: 'permission' })
    })
    expect(asked).toBe(false)
  })

  test('and the state folder neither, the process goes on with the new token, says so, and stores it when it can', async () => {
    let full = true
    const calls: FileCalls = {
      open,
      rename: (from, to) => (full ? failing('ENOSPC').rename(from, to) : rename(from, to)),
    }
    const store = await openStore({ configCalls: calls, calls })
    expect(await store.update(next)).toEqual(token(1))
    expect(logged).toEqual([expect.stringContaining('ERROR: The renewed login of "j" could not be stored')])
    expect(logged[0]).not.toMatch(/\ba1\b/)
    expect(await store.read()).toEqual(token(1))
    full = false
    await store.update((now) => Promise.resolve(now))
    expect(await (await openStore()).read()).toEqual(token(1))
  })

  test('what could not be kept goes before what was', async () => {
    let full = ['rclone.conf']
    const calls: FileCalls = {
      open,
      rename: (from, to) =>
        full.some((name) => to.includes(name)) ? failing('ENOSPC').rename(from, to) : rename(from, to),
    }
    const store = await openStore({ configCalls: calls, calls })
    await store.update(next)
    full = ['rclone.conf', 'tokens']
    await store.update(next)
    full = []
    expect(await store.read()).toEqual(token(2))
    expect(await (await openStore()).read()).toEqual(token(2))
  })
})

describe('a token from elsewhere', () => {
  const given = formatTokenBlob(token(10))

  test('is renewed into the state folder, by that token alone: whatever the section and the config', async () => {
    const before = await readFile(path, 'utf8')
    await (await openStore({ given, section: 'env' })).update(next)
    expect(await readFile(path, 'utf8')).toBe(before)
    const [kept, ...more] = await readdir(join(stateDir, 'tokens'))
    expect(more).toEqual([])
    expect((await stat(join(stateDir, 'tokens', String(kept)))).mode & 0o777).toBe(0o600)
    for (const section of ['env', 'other', undefined]) {
      expect(await (await openStore({ given, section })).read()).toEqual(token(11))
      expect(await (await openStore({ config: await inMemory(), given, section })).read()).toEqual(token(11))
    }
    expect(logged).toEqual([])
  })

  test('is never presented again once it is spent, by any process', async () => {
    const presented: string[] = []
    const present = (now: Token): Promise<Token> => {
      presented.push(now.refreshToken)
      return next(now)
    }
    const stores = await Promise.all([openStore({ given }), openStore({ given, section: 'x' }), openStore({ given })])
    await Promise.all(stores.map((store) => store.update(present)))
    expect(presented).toEqual(['10', '11', '12'])
  })

  test('goes behind what was renewed from it, though that expires sooner', async () => {
    const store = await openStore({ given })
    await store.update((now) => Promise.resolve({ ...now, refreshToken: 'r', expiry: 1n }))
    expect((await (await openStore({ given })).read()).refreshToken).toBe('r')
  })

  test('that is damaged is not said to be in the config, and not shown', async () => {
    const opened = openStore({ given: '{"access_token":"a1' })
    await expect(opened).rejects.toMatchObject({
      message: expect.stringMatching(/^the token given for "[^"]*" is damaged$/),
    })
  })

  test('is not mixed up with what was renewed from another given token', async () => {
    await (await openStore({ given, section: 'env' })).update(next)
    const other = formatTokenBlob(token(7))
    expect(await (await openStore({ given: other, section: 'env' })).read()).toEqual(token(7))
  })

  test('is not renewed where the state folder cannot be written', async () => {
    await chmod(dir, 0o555)
    let asked = false
    await asNobody(async () => {
      const store = await openStore({ given })
      const renewal = store.update((now) => {
        asked = true
        return next(now)
      })
      await expect(renewal).rejects.toMatchObject({
        code: 'permission',
        message: expect.stringContaining('is not refreshed'),
      })
      expect(await store.read()).toEqual(token(10))
    })
    expect(asked).toBe(false)
  })
})

const marks = async (): Promise<string[]> =>
  (await readdir(join(stateDir, 'tokens')).catch(() => [])).filter((name) => name.endsWith('.renewing'))
const begun = async (change: (now: Token) => Promise<Token>, given?: string): Promise<unknown> =>
  await (
    await openStore({ given })
  )
    .update(async (now, renewal) => {
      await renewal?.begin()
      expect(await marks()).toHaveLength(1)
      return await change(now)
    })
    .catch((error: unknown) => error)
const interruptedIn = async (given?: string): Promise<unknown> => {
  let interrupted: unknown
  await (
    await openStore({ given })
  ).update((now, renewal) => {
    interrupted = renewal?.interrupted
    return Promise.resolve(now)
  })
  return interrupted
}

describe('a renewal that has begun', () => {
  test.each([undefined, formatTokenBlob(token(10))])('is noted until its token is stored', async (given) => {
    expect(await begun(next, given)).toMatchObject({ accessToken: expect.any(String) })
    expect(await marks()).toEqual([])
    expect(await interruptedIn(given)).toBeUndefined()
  })

  test.each([
    ['was refused', new StorageError('auth', 'invalid_grant'), undefined],
    ['never left', new StorageError('network', 'no route'), undefined],
    ['was cut off', new StorageError('network', 'reset', { effect: 'unknown' }), expect.any(BigInt)],
    ['ended in another way', new Error('bug'), expect.any(BigInt)],
  ])('and %s is known for what it is afterwards', async (_, error, found) => {
    expect(await begun(() => Promise.reject(error))).toBe(error)
    expect(await interruptedIn()).toEqual(found)
  })

  test('by a process that was killed is found, with that token only, and stays known until a new login', async () => {
    const child = start('hang')
    await once(child.stdout ?? child, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await interruptedIn()).toEqual(expect.any(BigInt))
    await begun(() => Promise.reject(new StorageError('auth', 'invalid_grant')))
    expect(await marks()).toHaveLength(1)
    await writeFile(path, `[j]\ntoken = ${formatTokenBlob(token(7))}\n`)
    expect(await interruptedIn()).toBeUndefined()
    expect(await begun(next)).toEqual(token(8))
    expect(await marks()).toEqual([])
  })

  test('anew, after one that was cut off, is waited for where its helper is at work', async () => {
    await begun(() => Promise.reject(new Error('killed')))
    const since = await interruptedIn()
    const helper = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'])
    const again = (await openStore()).update(async (_, renewal) => {
      await renewal?.begin(helper.pid)
      throw new Error('killed')
    })
    await expect(again).rejects.toThrow('killed')
    const order: string[] = []
    const asked = interruptedIn().finally(() => order.push('asked'))
    await sleep(200)
    order.push('ended')
    helper.kill('SIGKILL')
    expect(await asked).toEqual(since)
    expect(order).toEqual(['ended', 'asked'])
  })

  test('and failed before it was sent leaves known what was cut off before', async () => {
    await begun(() => Promise.reject(new Error('killed')))
    await begun(() => Promise.reject(new StorageError('network', 'no route')))
    expect(await interruptedIn()).toEqual(expect.any(BigInt))
  })

  test('is not sent where neither the state folder nor the config can be written', async () => {
    const noSpace: FileCalls = { rename: failing('ENOSPC').rename, open }
    const store = await openStore({ configCalls: noSpace, calls: noSpace })
    let presented = false
    const renewal = store.update(async (now, announced) => {
      await announced?.begin()
      presented = true
      return await next(now)
    })
    await expect(renewal).rejects.toMatchObject({ code: 'disk-full', message: expect.stringContaining('"j"') })
    expect(presented).toBe(false)
  })

  test('goes on without a note where only the config can be written', async () => {
    const store = await openStore({ calls: failing('EACCES') })
    await store.update(async (now, renewal) => {
      await renewal?.begin()
      return await next(now)
    })
    expect(await readFile(path, 'utf8')).toContain(formatTokenBlob(token(1)))
  })
})

test('a token that is missing asks for a login', async () => {
  await writeFile(path, '[j]\ntype = jottacloud\ntoken =\n')
  await expect((await openStore()).read()).rejects.toMatchObject({ code: 'auth' })
})
