import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loginPort } from '../support/login-port.ts'
import { createInterop, environment, logIn, rcloneVersion, type Interop } from './interop.ts'

let account: Interop
const OTP = '123456'

beforeEach(async () => {
  account = await createInterop({ credentials: { otp: OTP } })
})

afterEach(() => account[Symbol.asyncDispose]())

function create(name: string, ...answers: string[]): Promise<string> {
  return account.rclone('config', 'create', name, 'jottacloud', ...answers)
}

function section(name: string): Record<string, string> {
  const text = readFileSync(join(account.home, 'rclone.conf'), 'utf8')
  const lines = text.split(/^\[(.*)\]$/m)
  const body = lines[lines.indexOf(name) + 1] ?? ''
  return Object.fromEntries([...body.matchAll(/^(\S+) = ?(.*)$/gm)].map(([, key, value]) => [key, value]))
}

// docs/protocol.md §7.1, items in brackets.
describe.skipIf(rcloneVersion === undefined)('rclone logs in', () => {
  test('with a personal login token, once [1, 2]', async () => {
    expect(await account.requests(() => logIn(account, 'k'))).toMatchObject({ discovery: 1, token: 1 })
    expect(section('k')).toMatchObject({
      type: 'jottacloud',
      configVersion: '1',
      client_id: 'jottacli',
      tokenURL: 'https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token',
    })
    const token = account.emulator.createLoginToken({ proxied: true })
    const answers = ['config_type=standard', `config_login_token=${token}`, 'config_non_standard=false']
    await create('first', ...answers)
    const second = await account.tryRclone(['config', 'create', 'second', 'jottacloud', ...answers])
    expect(second.stderr).toContain('invalid_grant')
  })

  test('to a device and mountpoint of its own [31]', async () => {
    const token = account.emulator.createLoginToken({ proxied: true })
    const place = ['config_non_standard=true', 'config_device=My Pc', 'config_mountpoint=Mine']
    const make = (): Promise<string> => create('pc', 'config_type=standard', `config_login_token=${token}`, ...place)
    expect(await account.requests(make)).toMatchObject({ createDevice: 1, createMountpoint: 1 })
    expect(section('pc')).toMatchObject({ device: 'My Pc', mountpoint: 'Mine' })
    await account.rclone('copyto', account.files('src', { 'a.txt': 'hello' }) + '/a.txt', 'pc:d/b.txt')
    expect(await account.rclone('cat', 'pc:d/b.txt')).toBe('hello')
    expect(await account.rclone('lsf', 'j:')).toBe('')
  })

  test('with a password and a one-time code, as itself and as a registered machine', async () => {
    const { email, password } = account.emulator.credentials
    const obscured = (await account.rclone('obscure', password)).trim()
    const answers = [`config_username=${email}`, `config_password=${obscured}`, `config_auth_code=${OTP}`]
    for (const [name, machine] of [['plain', false] as const, ['machine', true] as const]) {
      const legacy = ['config_type=legacy', `config_machine_specific=${machine}`, 'config_non_standard=false']
      const made = await account.requests(() => create(name, ...legacy, ...answers))
      expect(made).toMatchObject({ legacyToken: 2, ...(machine && { legacyRegister: 1 }) })
      account.expire()
      expect(await account.requests(() => account.rclone('lsf', `${name}:`))).toMatchObject({ legacyToken: 1 })
    }
  })

  test('to a white-label service in a browser', async () => {
    const { apiUrl } = await account.emulator.listen()
    const [type, ...more] = await brandedLogin(account)
    await inBrowser(['config', 'create', 'telia', 'jottacloud', `config_type=${type}`, ...more], apiUrl)
    expect(section('telia')).toMatchObject({
      client_id: 'desktop',
      tokenURL: 'https://cloud-auth.telia.se/auth/realms/telia_se/protocol/openid-connect/token',
    })
    account.expire()
    const listed = await account.requests(() => account.rclone('lsf', 'telia:'))
    expect(listed).toMatchObject({ token: 1, customer: 1 })
  })
})

/** What this version of rclone calls the login to Telia: the answers to its questions. */
async function brandedLogin({ rclone }: Interop): Promise<string[]> {
  const question = await rclone('config', 'create', '--non-interactive', 'x', 'jottacloud')
  await rclone('config', 'delete', 'x')
  const types = [...question.matchAll(/"Value": "(\w+)"/g)].map(([, type]) => type)
  if (types.includes('traditional')) return ['traditional', 'config_traditional=telia_se', 'config_non_standard=false']
  return [types.includes('telia') ? 'telia' : 'telia_se', 'config_non_standard=false']
}

/** Runs rclone and does in the browser what it asks for. The names of the services are not known here: `origin` stands for them. */
async function inBrowser(args: readonly string[], origin: string): Promise<void> {
  await using _port = await loginPort()
  const child = spawn('rclone', [...args, 'config_is_local=true'], { env: environment(account), stdio: 'pipe' })
  let stderr = ''
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(`${code ?? signal}`))
  })
  const link = new Promise<string | undefined>((resolve) => {
    void ended.then(() => resolve(undefined))
    // read to the end: rclone dies of SIGPIPE where nobody reads what it says after the login
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      const [found] = /http:\/\/127\.0\.0\.1:53682\/auth\S+(?=\s)/.exec(stderr) ?? []
      if (found !== undefined) resolve(found)
    })
  })
  child.stdout.resume()
  const opened = await link
  if (opened !== undefined) await signIn(opened, origin)
  expect(await ended, stderr).toBe('0')
}

async function signIn(link: string, origin: string): Promise<void> {
  const toPage = await fetch(link, { redirect: 'manual' })
  const signInPage = (toPage.headers.get('location') ?? '').replace(/^https:\/\/[^/]+\//, origin)
  expect((await fetch(signInPage)).status).toBe(200)
  const { email: username, password } = account.emulator.credentials
  const body = new URLSearchParams({ username, password, otp: OTP })
  const back = await fetch(signInPage, { method: 'POST', body, redirect: 'manual' })
  const done = fetch((back.headers.get('location') ?? '').replace('localhost', '127.0.0.1'))
  // rclone may close its server before the page is through: what counts is how rclone ends
  await done.then((page) => page.text()).catch(() => undefined)
}
