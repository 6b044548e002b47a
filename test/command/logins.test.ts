import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Account, Ran } from './fjord.ts'
import { loginPort } from '../support/login-port.ts'
import { bin, createAccount, fjord } from './fjord.ts'

function config({ home }: Account): string {
  return readFileSync(join(home, 'fjord.conf'), 'utf8')
}

/** The stored tokens of a section. */
function tokensOf(account: Account, section = 'jotta'): { readonly refresh_token: string; readonly expiry: string } {
  const [, text = ''] = new RegExp(`\\[${section}\\][^[]*?\\ntoken = (.*)`).exec(config(account)) ?? []
  return JSON.parse(text)
}

/** Makes the stored access token one that has expired. */
function expire(account: Account): void {
  writeFileSync(
    join(account.home, 'fjord.conf'),
    config(account).replace(/"expiry":"[^"]+"/, '"expiry":"2020-01-01T00:00:00Z"'),
  )
}

async function urlsOf(account: Account): Promise<string[]> {
  const { stdout } = await account.run('config', 'show', 'jotta')
  return [...stdout.matchAll(/^(jfs_url|api_url|www_url) = (.*)$/gm)].map(([, key, url]) => `${key}=${url}`)
}

async function create(account: Account, name: string, answers: readonly string[]): Promise<Ran> {
  return account.run('config', 'create', name, 'jottacloud', ...(await urlsOf(account)), ...answers)
}

/** A browser whose person signs in at once. */
function browser({ home, emulator }: Account): string {
  const script = join(home, 'browser.mjs')
  const { email, password } = emulator.credentials
  writeFileSync(
    script,
    `const body = new URLSearchParams(${JSON.stringify({ username: email, password })})
const page = await fetch(process.argv[2], { method: 'POST', body, redirect: 'manual' })
await fetch(page.headers.get('location').replace('localhost', '127.0.0.1'))
`,
  )
  return `${process.execPath} ${script}`
}

describe('config adopt', () => {
  test('gives a remote a twin with a login of its own, and says why', async () => {
    await using account = await createAccount()
    await account.run('config', 'update', 'jotta', 'mountpoint', 'Sync')
    const before = config(account)
    const token = account.emulator.createLoginToken()
    const ran = await account.run('config', 'adopt', 'jotta:', `config_login_token=${token}`)
    expect(ran).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^"jotta-fjord:" has a login of its own.*\n.*spends/),
    })
    expect(config(account).startsWith(before.trimEnd())).toBe(true)
    expect(config(account)).toMatch(/\[jotta-fjord\]\ntype = jottacloud\n[^[]*mountpoint = Sync\n/)
    expect(tokensOf(account, 'jotta-fjord').refresh_token).not.toBe(tokensOf(account).refresh_token)
    expect((await account.run('lsf', 'jotta-fjord:')).status).toBe(0)
    expect((await account.run('lsf', 'jotta:')).status).toBe(0)
  })

  test('changes nothing where it cannot', async () => {
    await using account = await createAccount()
    const before = config(account)
    const adopt = (...args: string[]): Promise<Ran> => account.run('config', 'adopt', ...args)
    expect(await adopt('nosuch:')).toMatchObject({ status: 2 })
    expect(await adopt('jotta:', 'jotta', 'config_login_token=x')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/NOTICE: Give another name: fjord config adopt jotta: NAME\n$/),
    })
    expect((await adopt('jotta:', 'other', 'config_login_token=x')).status).not.toBe(0)
    expect(config(account)).toBe(before)
  })
})

describe('authorize', () => {
  test('logs in in the browser here, for config on another machine', async () => {
    await using account = await createAccount()
    const { port } = new URL((await urlsOf(account))[0]?.split('=')[1] ?? '')
    const env = { BROWSER: browser(account) }
    const service = `127.0.0.1:${port}/telia_se`
    await using _port = await loginPort()
    const ran = await fjord(['authorize', 'jottacloud', service], { home: account.home, env })
    expect(ran, ran.stderr).toMatchObject({ status: 0, stdout: expect.stringMatching(/^[\w-]+\n$/) })
    const answers = [`config_traditional=${service}`, 'config_is_local=false', `config_token=${ran.stdout.trim()}`]
    const made = await create(account, 'telia', ['config_type=traditional', ...answers])
    expect(made.status).toBe(0)
    expect((await account.run('mkdir', 'telia:made')).status).toBe(0)
    expect((await account.run('lsf', 'jotta:')).stdout).toContain('made/')
  })

  test('of what it does not know is a usage error', async () => {
    await using account = await createAccount()
    expect(await account.run('authorize', 'nosuch')).toMatchObject({ status: 2 })
    expect(await account.run('authorize', 'local')).toMatchObject({ status: 2 })
    expect((await account.run('authorize', 'jottacloud', 'nowhere')).stderr).toContain('no service that is known')
  })
})

describe('a legacy login', () => {
  test('is made, used and refreshed', async () => {
    await using account = await createAccount()
    const password = join(account.home, 'password')
    writeFileSync(password, `${account.emulator.credentials.password}\n`)
    const person = [`config_username=${account.emulator.credentials.email}`, `config_password_file=${password}`]
    const made = await create(account, 'old', ['config_type=legacy', 'config_machine_specific=true', ...person])
    expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining('configVersion = 0') })
    expect(config(account)).not.toContain(account.emulator.credentials.password)
    const before = tokensOf(account, 'old').refresh_token
    writeFileSync(
      join(account.home, 'fjord.conf'),
      config(account).replaceAll(/"expiry":"[^"]+"/g, '"expiry":"2020-01-01T00:00:00Z"'),
    )
    expect(await account.run('lsf', 'old:')).toMatchObject({ status: 0 })
    expect(tokensOf(account, 'old').refresh_token).not.toBe(before)
  })
})

function start(account: Account): ReturnType<typeof spawn> {
  const { home } = account
  const env = { PATH: process.env['PATH'], HOME: home, RCLONE_CONFIG: join(home, 'fjord.conf') }
  return spawn(process.execPath, [bin, 'lsf', 'jotta:'], { cwd: home, env, stdio: 'ignore' })
}

async function asked(account: Account): Promise<void> {
  const before = account.emulator.counters.of('token').requests
  while (account.emulator.counters.of('token').requests === before) await sleep(10)
}

describe('a refresh', () => {
  test('once asked is stored, whatever the user presses, also when it takes longer than cleaning up may', async () => {
    await using account = await createAccount()
    expire(account)
    const before = tokensOf(account).refresh_token
    account.emulator.faults.add({ operation: 'token', action: { delayMs: 5_600 } })
    const child = start(account)
    await asked(account)
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(tokensOf(account).refresh_token).not.toBe(before)
    expect(await account.run('lsf', 'jotta:')).toMatchObject({ status: 0 })
  })

  test('goes on when the program is killed, and the next run waits for it', async () => {
    await using account = await createAccount()
    expire(account)
    const before = tokensOf(account).refresh_token
    account.emulator.faults.add({ operation: 'token', action: { delayMs: 1_000 } })
    const child = start(account)
    await asked(account)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await account.run('lsf', 'jotta:')).toMatchObject({ status: 0, stderr: '' })
    expect(tokensOf(account).refresh_token).not.toBe(before)
    expect(account.emulator.counters.of('token').requests).toBe(2)
  })

  test('that a kill cut off after the service had answered is named by the next run, with what to do', async () => {
    await using account = await createAccount()
    expire(account)
    account.emulator.faults.add({ operation: 'token', action: { effectThenReset: true } })
    const ran = await account.run('lsf', 'jotta:', '--retries', '1')
    expect(ran.status).not.toBe(0)
    const next = await account.run('lsf', 'jotta:')
    expect(next.stderr).toMatch(/cut off before its answer was stored/)
    expect(next.stderr).toContain('fjord config reconnect jotta:')
  })

  test('of a token in the environment goes on from run to run, and the config stays as it is', async () => {
    await using account = await createAccount()
    expire(account)
    const given = JSON.stringify(tokensOf(account))
    const env = {
      RCLONE_CONFIG_ENV_TYPE: 'jottacloud',
      RCLONE_CONFIG_ENV_TOKEN: given,
      RCLONE_CONFIG_ENV_CONFIGVERSION: '1',
    }
    const section = Object.fromEntries(
      [...(await account.run('config', 'show', 'jotta')).stdout.matchAll(/^(\w+_url|tokenURL) = (.*)$/gm)].map(
        ([, key = '', value = '']) => [`RCLONE_CONFIG_ENV_${key.toUpperCase()}`, value],
      ),
    )
    const before = config(account)
    for (let run = 0; run < 3; run++) {
      const ran = await fjord(['lsf', 'env:'], { home: account.home, env: { ...env, ...section } })
      expect(ran).toMatchObject({ status: 0 })
    }
    expect(config(account)).toBe(before)
    expect(account.emulator.counters.of('token').requests).toBe(2)
    const kept = readdirSync(join(account.home, '.local/state/fjord/tokens'))
    expect(kept).toEqual([expect.stringMatching(/\.json$/)])
  })
})
