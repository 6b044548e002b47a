import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator/index.ts'
import { hasTerminals, onTerminal, type OnTerminal } from '../support/on-terminal.ts'
import { type Account, bin, createAccount, fjord, type Ran } from './fjord.ts'

/** Where the emulator is, for remotes that do not say. */
async function variables(account: Account): Promise<Readonly<Record<string, string | undefined>>> {
  const { stdout } = await account.run('config', 'show', 'jotta')
  const urls = [...stdout.matchAll(/^(jfs_url|api_url|www_url) = (.*)$/gm)]
  return {
    PATH: process.env['PATH'],
    HOME: account.home,
    TERM: 'xterm',
    RCLONE_CONFIG: join(account.home, 'fjord.conf'),
    ...Object.fromEntries(urls.map(([, key = '', url = '']) => [`RCLONE_JOTTACLOUD_${key.toUpperCase()}`, url])),
  }
}

const saved = ({ home }: Account): string => readFileSync(join(home, 'fjord.conf'), 'utf8')

async function dialogue(
  account: Account,
  args: readonly string[],
  answers: readonly (readonly [at: string, type: string])[],
): Promise<OnTerminal> {
  const steps = answers.map(([at, type]) => ({ at, type: `${type}\r` }))
  const env = await variables(account)
  return await onTerminal([process.execPath, bin, ...args], steps, { cwd: account.home, env })
}

const menu = 'e/n/d/r/c/s/q> '
const newRemote = [
  [menu, 'n'],
  ['name> ', 'mine'],
  ['Storage> ', 'jottacloud'],
  ['client_id> ', ''],
  ['client_secret> ', ''],
  ['y/n> ', 'n'],
] as const

describe.skipIf(!hasTerminals)('a login by the dialogue, on a terminal', () => {
  test('with a personal login token, one that is wrong first, and a new device', async () => {
    await using account = await createAccount()
    const shown = await dialogue(
      account,
      ['config'],
      [
        ...newRemote,
        ['config_type> ', '1'],
        ['config_login_token> ', 'not a token'],
        ['config_login_token> ', account.emulator.createLoginToken()],
        ['y/n> ', 'y'],
        ['config_device> ', 'my laptop'],
        ['config_mountpoint> ', 'Documents'],
        ['y/e/d> ', ''],
        [menu, 'q'],
      ],
    )
    expect(shown).toMatchObject({ status: 0, restored: true, untyped: 0 })
    expect(shown.screen).toContain('This is no personal login token of Jottacloud')
    expect(shown.screen).toContain('Press Enter for the default (Jotta).')
    expect(shown.screen).toContain(
      '- token: XXX\n- device: my laptop\n- mountpoint: Documents\nKeep this "mine" remote?',
    )
    expect(saved(account)).toMatch(/\[mine\]\ntype = jottacloud\nconfigVersion = 1\nclient_id = jottacli\n/)
    expect(saved(account)).toContain('\ndevice = my laptop\nmountpoint = Documents\n')
    const used = await fjord(['mkdir', 'mine:made'], { home: account.home, env: defined(await variables(account)) })
    expect(used).toMatchObject({ status: 0, stderr: '' })
  })

  test('with user name, password and the code of an SMS, each asked again when it is wrong', async () => {
    await using account = await createAccount()
    const emulator = createEmulator({ credentials: { email: 'me@example.com', password: 'right', otp: '123456' } })
    const urls = await emulator.listen()
    await account.run('config', 'update', 'jotta', `jfs_url=${urls.jfsUrl}`, `api_url=${urls.apiUrl}`)
    const shown = await dialogue(
      account,
      ['config'],
      [
        ...newRemote,
        ['config_type> ', 'legacy'],
        ['y/n> ', 'n'],
        ['config_username> ', 'me@example.com'],
        ['y/g/n> ', 'y'],
        ['password:', 'wrong'],
        ['password:', 'wrong'],
        ['y/g/n> ', 'y'],
        ['password:', 'right'],
        ['password:', 'right'],
        ['config_auth_code> ', '654321'],
        ['config_auth_code> ', '123456'],
        ['y/n> ', 'n'],
        ['y/e/d> ', ''],
        [menu, 'q'],
      ],
    )
    await emulator.close()
    expect(shown).toMatchObject({ status: 0, restored: true, untyped: 0 })
    expect(shown.screen).not.toMatch(/right|wrong\n/)
    expect(saved(account)).toMatch(/\[mine\]\ntype = jottacloud\nconfigVersion = 0\nusername = me@example.com\n/)
  })

  test('again, keeping device and options', async () => {
    await using account = await createAccount()
    await account.run('config', 'update', 'jotta', 'mountpoint=Sync', 'hard_delete=true')
    const before = saved(account)
    const shown = await dialogue(
      account,
      ['config', 'reconnect', 'jotta:'],
      [
        ['config_type> ', ''],
        ['config_login_token> ', account.emulator.createLoginToken()],
      ],
    )
    expect(shown).toMatchObject({ status: 0, restored: true, untyped: 0 })
    const token = /^token = .*$/m
    expect(saved(account)).not.toBe(before)
    expect(saved(account).replace(token, '')).toBe(before.replace(token, ''))
    expect((await account.run('lsf', 'jotta:')).status).toBe(0)
  })

  test('that is given up changes nothing, and the old one goes on', async () => {
    await using account = await createAccount()
    const before = saved(account)
    const env = await variables(account)
    const steps = [
      { at: 'config_type> ', type: '\r' },
      { at: 'config_login_token> ', type: '\u0003' },
    ]
    const argv = [process.execPath, bin, 'config', 'reconnect', 'jotta:']
    expect(await onTerminal(argv, steps, { cwd: account.home, env })).toMatchObject({ status: 130, restored: true })
    expect(saved(account)).toBe(before)
    expect((await account.run('lsf', 'jotta:')).status).toBe(0)
  })
})

describe('a login one question at a time', () => {
  interface Answer {
    readonly State: string
    readonly Option: { readonly Name: string; readonly DefaultStr: string } | null
    readonly Error: string
  }

  async function ask(account: Account, args: readonly string[]): Promise<Answer> {
    const ran = await fjord(['config', ...args], { home: account.home, env: defined(await variables(account)) })
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    const answer: Answer = JSON.parse(ran.stdout)
    return answer
  }

  const goOn = (account: Account, { State }: Answer, result: string): Promise<Answer> =>
    ask(account, ['update', 'm', '--continue', '--state', State, '--result', result])

  test('with a personal login token goes through the states that rclone has', async () => {
    await using account = await createAccount()
    let answer = await ask(account, ['create', 'm', 'jottacloud', '--non-interactive'])
    const seen: string[] = []
    const answers = ['standard', account.emulator.createLoginToken(), 'true', 'Jotta', 'Archive']
    for (const result of answers) {
      seen.push(`${answer.State} ${answer.Option?.Name}`)
      answer = await goOn(account, answer, result)
    }
    expect(seen).toEqual([
      'auth_type_done config_type',
      'standard_token config_login_token',
      'choose_device_query config_non_standard',
      'choose_device_result config_device',
      'choose_device_mountpoint config_mountpoint',
    ])
    expect(answer).toEqual({ State: '', Option: null, Error: '', Result: '' })
    expect(saved(account)).toContain('device = Jotta\nmountpoint = Archive\n')
    const used = await fjord(['lsf', 'm:'], { home: account.home, env: defined(await variables(account)) })
    expect(used.status).toBe(0)
  })
})

describe('a login from a script', () => {
  test('may run again: a login that works is kept, a dead one exchanged', async () => {
    await using account = await createAccount()
    const { emulator } = account
    const first = await create(account, [], { FJORD_CONFIG_LOGIN_TOKEN: emulator.createLoginToken() })
    expect(first).toMatchObject({ status: 0, stderr: '' })
    const token = tokenOf(account)
    const again = await create(account, ['hard_delete=true'], { FJORD_CONFIG_LOGIN_TOKEN: emulator.createLoginToken() })
    expect(again).toMatchObject({ status: 0, stderr: '' })
    expect(tokenOf(account)).toBe(token)
    expect(saved(account)).toContain('hard_delete = true\n')
    await account.run(
      'config',
      'update',
      's',
      'token={"access_token":"x","refresh_token":"spent","expiry":"2020-01-01T00:00:00Z"}',
    )
    const third = await create(account, [], { FJORD_CONFIG_LOGIN_TOKEN: emulator.createLoginToken() })
    expect(third).toMatchObject({ status: 0 })
    expect(tokenOf(account)).not.toContain('spent')
    expect(saved(account)).not.toContain('hard_delete')
  })
})

function tokenOf(account: Account): string {
  return /\[s\][^[]*?\ntoken = (.*)\n/.exec(saved(account))?.[1] ?? ''
}

async function create(
  account: Account,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const all = { ...defined(await variables(account)), ...env }
  return await fjord(['config', 'create', 's', 'jottacloud', '--keep-login', ...args], { home: account.home, env: all })
}

function defined(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined))
}
