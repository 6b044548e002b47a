import { chmod, chown, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asNobody } from '../../../test/support/as-nobody.ts'
import { type FakeService, fakeService, fakeToken } from '../../../test/support/fake-conversation.ts'
import { fakeDeps } from '../../../test/support/fake-deps.ts'
import { scriptedTerminal } from '../../../test/support/scripted-terminal.ts'
import { type Logger, silent } from '../../core/context.ts'
import { reveal } from '../../options/obscure.ts'
import type { FileCalls } from '../../util/atomic-file.ts'
import { loadConfig } from '../file.ts'
import { createRemote, type CreateOptions, parseParameters, updateRemote } from '../create.ts'
import { reconnectRemote } from '../reconnect.ts'
import { runMainMenu } from './main-menu.ts'
import { createDraft } from './draft.ts'
import type { Reply } from './machine.ts'
import { replyJson } from './reply-json.ts'
import type { SetUpDeps } from './set-up.ts'

let dir = ''
let service: FakeService
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'set-up-'))
  service = fakeService()
})
afterEach(() => rm(dir, { recursive: true }))

const saved = (): Promise<string> => readFile(join(dir, 'rclone.conf'), 'utf8')
const write = (text: string): Promise<void> => writeFile(join(dir, 'rclone.conf'), text)
const section = (login: string, ...more: string[]): string =>
  ['[c]', 'type = cloud', 'configVersion = 1', `token = ${fakeToken(login)}`, ...more, '', ''].join('\n')

interface Typed {
  readonly lines?: readonly string[]
  readonly interactive?: boolean
  readonly environment?: Readonly<Record<string, string>>
}

async function deps({ lines = [], interactive = false, environment = {} }: Typed = {}): Promise<SetUpDeps> {
  const { terminal } = scriptedTerminal(lines, { interactive })
  return { ...(await fakeDeps(dir, { table: service.table, environment, cwd: dir })), terminal }
}

async function create(args: string[], options: CreateOptions = {}, typed: Typed = {}): Promise<Reply> {
  return await createRemote({ name: 'c', type: 'cloud', parameters: parseParameters(args) }, await deps(typed), options)
}

async function update(args: string[], options: CreateOptions = {}, typed: Typed = {}): Promise<Reply> {
  return await updateRemote({ name: 'c', parameters: parseParameters(args) }, await deps(typed), options)
}

describe('config create', () => {
  test('answers from the parameters, and with defaults', async () => {
    await create(['config_login_token=good', 'hard_delete=true'])
    expect(await saved()).toBe(
      section('good', 'device = ').replace('configVersion', 'hard_delete = true\nconfigVersion'),
    )
  })

  test('takes a device, in its state after the login', async () => {
    await create(['config_login_token=good', 'config_non_standard=true', 'config_device=desk'])
    expect(await saved()).toContain('device = desk\n')
  })

  test.each([
    ['a file', ['config_login_token_file=t.txt'], {}],
    ['a file, as a token cannot begin so', ['config_login_token=@t.txt'], {}],
    ['standard input', ['config_login_token_file=-'], { lines: ['good'] }],
    ['standard input, as a token cannot be that', ['config_login_token=-'], { lines: ['good'] }],
    ['a variable', [], { environment: { FJORD_CONFIG_LOGIN_TOKEN: 'good' } }],
    ['whoever is at the terminal', [], { lines: ['good'], interactive: true }],
  ])('takes a login token from %s', async (_, args, typed) => {
    await writeFile(join(dir, 't.txt'), 'good\n')
    await create(args, {}, typed)
    expect(service.used).toEqual(['good'])
    expect(await saved()).not.toContain('config_')
  })

  test('says how an answer that is missing is given, and saves nothing', async () => {
    await write('[x]\ntype = local\n\n')
    await expect(create([])).rejects.toMatchObject({
      code: 'invalid-argument',
      details: { hint: expect.stringContaining('config_login_token_file=-') },
    })
    await expect(create(['config_login_token_file=nosuch'])).rejects.toMatchObject({ code: 'not-found' })
    expect(await saved()).toBe('[x]\ntype = local\n\n')
  })

  test('that is refused saves nothing, and does not try the same answer again', async () => {
    await write(section('old'))
    await expect(create(['config_login_token=bad'])).rejects.toMatchObject({
      code: 'auth',
      message: 'The token was refused.',
    })
    expect(await saved()).toBe(section('old'))
  })

  test('asks for no login where a token is given whole', async () => {
    await create([`token=${fakeToken('mine')}`])
    expect(service.used).toEqual([])
    expect(await saved()).toContain(fakeToken('mine'))
  })

  test('does not use up a login where it could not be saved', async () => {
    await write('')
    await chmod(join(dir, 'rclone.conf'), 0o444)
    await chmod(dir, 0o555)
    await asNobody(() => expect(create(['config_login_token=good'])).rejects.toMatchObject({ code: 'permission' }))
    await chmod(dir, 0o700)
    expect(service.used).toEqual([])
  })

  test('saves a login even where the questions behind it fail', async () => {
    const lost = { ...(await deps()), signal: AbortSignal.abort(new Error('gone')) }
    const remote = { name: 'c', type: 'cloud', parameters: { config_login_token: 'good' } }
    await expect(createRemote(remote, lost)).rejects.toThrow('gone')
    const failing = await deps()
    const answers = { config_login_token: 'good', config_non_standard: 'true', config_device_file: 'nosuch' }
    await expect(createRemote({ ...remote, parameters: answers }, failing)).rejects.toMatchObject({ code: 'not-found' })
    expect(await saved()).toContain(`token = ${fakeToken('good')}`)
  })

  test('with an unknown way to log in is refused', async () => {
    await expect(create(['config_type=nonsense'])).rejects.toMatchObject({
      code: 'usage',
      message: 'unknown state "nonsense"',
    })
  })
})

describe('a login that is stored already', () => {
  test('is kept by create --keep-login where it works, while the options are as given', async () => {
    await write(section('old', 'hard_delete = true', 'device = desk'))
    await create(['config_login_token=good', 'limit=1M'], { keepLogin: true })
    expect(service.used).toEqual([])
    expect(await saved()).toBe(
      `[c]\ntype = cloud\nconfigVersion = 1\ntoken = ${fakeToken('old')}\nlimit = 1M\ndevice = \n\n`,
    )
  })

  test('is exchanged by create --keep-login where it is dead', async () => {
    await write(section('old'))
    service.dead.add('old')
    await create(['config_login_token=good'], { keepLogin: true })
    expect(service.used).toEqual(['good'])
    expect(await saved()).toContain(fakeToken('good'))
  })

  test('is left alone where the service does not answer', async () => {
    await write(section('old'))
    service.down = true
    await create(['config_login_token=good'], { keepLogin: true })
    await update(['config_login_token=good'])
    expect(service.used).toEqual([])
  })

  test('is exchanged by update only where it is dead or that is asked for', async () => {
    await write(section('old'))
    await update(['config_login_token=good-1', 'limit=2M'])
    expect(await saved()).toBe(section('old', 'limit = 2M'))
    service.dead.add('old')
    await update(['limit=3M'])
    await update(['config_login_token=good-2', 'config_refresh_token=false'])
    expect(service.used).toEqual([])
    await update(['config_login_token=good-3'])
    await update(['config_login_token=good-4', 'config_refresh_token=true'])
    expect(service.used).toEqual(['good-3', 'good-4'])
    expect(await saved()).toContain('limit = 3M\n')
  })

  test('and cannot be put back into the config is not said to be untried', async () => {
    await write(section('old'))
    service.renews = true
    const logged: string[] = []
    const log: Logger = { log: ({ text }) => void logged.push(text), enabled: () => true }
    const state = join(dir, 'state')
    await mkdir(state)
    await chown(state, 65_534, 65_534).catch(() => undefined)
    await chmod(join(dir, 'rclone.conf'), 0o444)
    await chmod(dir, 0o555)
    await asNobody(async () => {
      const made = { ...(await deps()), log }
      await updateRemote({ name: 'c', parameters: { config_login_token: 'good' } }, made)
    })
    await chmod(dir, 0o755)
    expect(service.used).toEqual([])
    expect(logged.join('\n')).toMatch(/Config file ".*" cannot be written \(permission denied\)/)
    expect(logged.join('\n')).not.toContain('could not be tried')
  })

  test('that is renewed while it is tried is not put back to the spent one', async () => {
    service.renews = true
    await write(section('old', 'device = desk'))
    await create(['config_login_token=good', 'limit=1M'], { keepLogin: true })
    expect(await saved()).toContain(`token = ${fakeToken('renewed')}\n`)
    await write(section('old', 'device = desk'))
    await update(['config_non_standard=false'])
    expect(await saved()).toBe(section('renewed', 'device = '))
  })

  test('that another program renews while the rest is asked for is not put back either', async () => {
    await write(section('old'))
    const file = (await deps()).config
    const draft = createDraft({ name: 'c', stored: file.get('c') ?? {}, replaces: true }, file)
    draft.set('device', 'desk')
    await write(section('renewed', 'hard_delete = true'))
    await draft.save()
    expect(await saved()).toBe(section('renewed', 'device = desk'))
  })

  test('stays when another device is chosen', async () => {
    await write(section('old'))
    await update(['config_non_standard=true', 'config_device=desk'])
    expect(service.used).toEqual([])
    expect(await saved()).toBe(section('old', 'device = desk'))
  })
})

describe('config reconnect', () => {
  test('makes a login and keeps device and options', async () => {
    await write(section('old', 'device = desk', 'hard_delete = true'))
    const { terminal, text } = scriptedTerminal(['', 'bad', 'good'])
    await reconnectRemote('c', {}, { ...(await deps()), terminal })
    expect(await saved()).toBe(section('good', 'device = desk', 'hard_delete = true'))
    expect(text()).toBe(`
Option config_type.
Type of authentication.
Choose a number from below, or type in an existing value of type string.
Press Enter for the default (standard).
   / Standard.
 1 | With a token.
   \\ (standard)
config_type> 

Option config_login_token.
Personal login token.
Once only.
Enter a value.
config_login_token> bad

The token was refused.
Get another.

Option config_login_token.
Personal login token.
Once only.
Enter a value.
config_login_token> good
`)
  })

  test('asks again what failed, and keeps the old login until there is a new one', async () => {
    await write(section('old'))
    const { terminal } = scriptedTerminal(['', 'down'])
    await expect(reconnectRemote('c', {}, { ...(await deps()), terminal })).rejects.toThrow('EOF')
    expect(await saved()).toBe(section('old'))
    const again = scriptedTerminal(['', 'down', 'good'])
    await reconnectRemote('c', {}, { ...(await deps()), terminal: again.terminal })
    expect(again.text()).toContain('\nthe service does not answer\n')
    expect(await saved()).toBe(section('good'))
  })

  test('without a terminal answers like create, a token alone being the usual login', async () => {
    await write(section('old'))
    const bad = reconnectRemote('c', { config_login_token: 'bad' }, await deps())
    await expect(bad).rejects.toMatchObject({ message: 'The token was refused.', details: { hint: 'Get another.' } })
    expect(await saved()).toBe(section('old'))
    await reconnectRemote('c', { config_login_token: 'good' }, await deps())
    expect(await saved()).toBe(section('good'))
    await reconnectRemote('c', {}, await deps({ environment: { FJORD_CONFIG_LOGIN_TOKEN: 'good-2' } }))
    expect(await saved()).toBe(section('good-2'))
    await reconnectRemote('c', { config_type: 'standard' }, await deps({ lines: ['good-3'] }))
    expect(await saved()).toBe(section('good-3'))
  })

  test('that could not be saved is saved at the next try, and not made again', async () => {
    await write(section('old'))
    let renames = 0
    const filled: FileCalls = {
      open,
      // The disk is filled while the person is asked
      rename: (from, to) =>
        ++renames === 2 ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) : rename(from, to),
    }
    const made = await deps()
    const { stateDir } = made.config
    const config = await loadConfig(join(dir, 'rclone.conf'), { log: silent, stateDir, calls: filled })
    const { terminal, text } = scriptedTerminal(['', 'good', 'good'])
    await reconnectRemote('c', {}, { ...made, config, terminal })
    expect(text()).toContain('no space left on device\nFree some space and try again; the old content is still there.')
    expect(service.used).toEqual(['good'])
    expect(await saved()).toBe(section('good'))
  })

  test('says that a token in the environment goes before the new login', async () => {
    await write(section('old'))
    const logged: string[] = []
    const log: Logger = { log: ({ level, text }) => void logged.push(`${level}: ${text}`), enabled: () => true }
    const environment = { RCLONE_CONFIG_C_TOKEN: fakeToken('given') }
    await reconnectRemote('c', { config_login_token: 'good' }, { ...(await deps({ environment })), log })
    expect(await saved()).toBe(section('good'))
    expect(logged).toEqual(['NOTICE: The token in RCLONE_CONFIG_C_TOKEN goes before a new login: unset that variable'])
  })

  test('takes answers, but no options', async () => {
    await write(section('old'))
    await reconnectRemote('c', { config_type: 'standard', config_login_token: 'good' }, await deps())
    expect(await saved()).toBe(section('good'))
    await expect(reconnectRemote('c', { limit: '1M' }, await deps())).rejects.toMatchObject({ code: 'usage' })
    await expect(reconnectRemote('nosuch', {}, await deps())).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('one question at a time', () => {
  test('goes on over several runs, with nothing between them but the file', async () => {
    const first = await create(['limit=1M'], { nonInteractive: true })
    expect(first).toMatchObject({ kind: 'ask', state: 'auth_type_done', asked: { name: 'config_type' } })
    const answers: readonly (readonly [state: string, result: string, next: string])[] = [
      ['auth_type_done', 'standard', 'standard_token'],
      ['standard_token', 'good', 'choose_device_query'],
      ['choose_device_query', 'true', 'choose_device_result'],
    ]
    for (const [state, result, next] of answers) {
      const reply = await update(['limit=1M'], { nonInteractive: true, continues: { state, result } })
      expect(reply).toMatchObject({ kind: 'ask', state: next })
    }
    const last = await update(['limit=1M'], { continues: { state: 'choose_device_result', result: 'desk' } })
    expect(last).toEqual({ kind: 'done' })
    expect(await saved()).toBe(
      `[c]\ntype = cloud\nlimit = 1M\nconfigVersion = 1\ntoken = ${fakeToken('good')}\ndevice = desk\n\n`,
    )
  })

  test('parameters answer questions of their name', async () => {
    const reply = await create(['config_type=standard', 'config_login_token=good'], { nonInteractive: true })
    expect(reply).toMatchObject({ kind: 'ask', state: 'choose_device_query' })
  })

  test('trouble is told with the state to go on from', async () => {
    await create([], { nonInteractive: true })
    const reply = await update([], { continues: { state: 'standard_token', result: 'bad' } })
    expect(reply).toEqual({
      kind: 'trouble',
      message: 'The token was refused.',
      hint: 'Get another.',
      state: 'standard',
    })
    const again = await update([], { continues: { state: 'standard', result: '' } })
    expect(again).toMatchObject({ kind: 'ask', state: 'standard_token' })
  })

  test('asks for every option in its order where that is wanted, then whether for the advanced ones', async () => {
    const states: string[] = []
    const answers = ['mine', 'plain', 'true', '', '2M', 'maybe', '', 'true', '', '', 'false']
    let reply = await createRemote({ name: 'c', type: 'cloud', parameters: {} }, await deps(), {
      nonInteractive: true,
      all: true,
    })
    for (const result of answers) {
      if (reply.kind === 'done') break
      states.push(reply.kind === 'ask' ? `${reply.asked.name} ${reply.state}` : `! ${reply.state}`)
      const continues = { state: reply.state, result }
      reply = await updateRemote({ name: 'c', parameters: {} }, await deps(), { continues })
    }
    expect(states).toEqual([
      'client_id *all-set,0,false',
      'password *all-set,1,false',
      'config_fs_advanced *all-advanced',
      'token *all-set,2,true',
      'limit *all-set,3,true',
      'hard_delete *all-set,4,true',
      '! *all,4,true',
      'hard_delete *all-set,4,true',
      'device *all-set,5,true',
      'description *all-set,6,true',
      'config_fs_advanced *all-advanced',
    ])
    expect(reply).toMatchObject({ kind: 'ask', asked: { name: 'config_type' } })
    const text = await saved()
    expect(text).toContain('client_id = mine\n')
    expect(text).toContain('limit = 2M\nhard_delete = true\n')
    expect(reveal(/^password = (.*)$/m.exec(text)?.[1] ?? '')).toBe('plain')
  })

  test('leaves out what is answered, and asks no further for advanced options that a parameter wants', async () => {
    const args = [
      'client_id=x',
      'password=y',
      'token=',
      'limit=1M',
      'device=',
      'description=',
      'config_fs_advanced=true',
    ]
    const first = await create(args, { nonInteractive: true, all: true })
    expect(first).toMatchObject({ state: '*all-set,4,true' })
    const next = await update(args, { continues: { state: '*all-set,4,true', result: 'true' } })
    expect(next).toMatchObject({ asked: { name: 'config_type' } })
  })

  test('a state that there is not is refused', async () => {
    await create([], { nonInteractive: true })
    const outOfRange = 'internal error: option out of range'
    for (const [state, message] of [
      ['nonsense', 'unknown state "nonsense"'],
      ['constructor', 'unknown state "constructor"'],
      ['*nonsense', 'unknown internal state "*nonsense"'],
      ['*all-set,99,false', outOfRange],
      ['*all-set,x,false', outOfRange],
    ] as const) {
      const refused = { code: 'usage', message }
      await expect(update([], { continues: { state, result: '' } })).rejects.toMatchObject(refused)
    }
  })

  test('is written as rclone writes it', async () => {
    const reply = await createRemote({ name: 'c', type: 'cloud', parameters: {} }, await deps(), {
      nonInteractive: true,
    })
    expect(replyJson(reply)).toBe(
      `${JSON.stringify(
        {
          State: 'auth_type_done',
          Option: {
            Name: 'config_type',
            FieldName: '',
            Help: 'Type of authentication.',
            Default: 'standard',
            Value: null,
            Examples: [{ Value: 'standard', Help: 'Standard.\nWith a token.' }],
            Hide: 0,
            Required: false,
            IsPassword: false,
            NoPrefix: false,
            Advanced: false,
            Exclusive: true,
            Sensitive: false,
            DefaultStr: 'standard',
            ValueStr: 'standard',
            Type: 'string',
          },
          Error: '',
          Result: '',
        },
        undefined,
        '\t',
      )}\n`,
    )
    const yesOrNo = await update([], { continues: { state: 'choose_device', result: '' } })
    expect(JSON.parse(replyJson(yesOrNo))).toMatchObject({
      Option: {
        Default: false,
        Examples: [
          { Value: 'true', Help: 'Yes' },
          { Value: 'false', Help: 'No' },
        ],
        Exclusive: true,
        DefaultStr: 'false',
        Type: 'bool',
      },
    })
    expect(JSON.parse(replyJson({ kind: 'done' }))).toEqual({ State: '', Option: null, Error: '', Result: '' })
  })
})

describe('the dialogue', () => {
  test('asks all options, then the login, and hides what is secret', async () => {
    const { terminal, text } = scriptedTerminal(
      'n c cloud _ y pass wrong pass pass n 1 good y 2 y q'.split(' ').map((line) => (line === '_' ? '' : line)),
    )
    await runMainMenu({ ...(await deps()), terminal })
    const stored = /^password = (.*)$/m.exec(await saved())?.[1] ?? ''
    expect(reveal(stored)).toBe('pass')
    expect(await saved()).toBe(
      `[c]\ntype = cloud\npassword = ${stored}\nconfigVersion = 1\ntoken = ${fakeToken('good')}\ndevice = desk\n\n`,
    )
    expect(text()).toContain(`
Option password.
A password
Choose an alternative below. Press Enter for the default (n).
y) Yes, type in my own password
g) Generate random password
n) No, leave this optional password blank (default)
y/g/n> y
Enter the password:
password:
Confirm the password:
password:
Passwords do not match!
`)
    expect(text()).toContain(`config_login_token> good

Use a non-standard device?
y) Yes
n) No (default)
y/n> y

Option config_device.
The device.
Choose a number from below, or type in your own value of type string.
Press Enter for the default (Jotta).
 1 > Jotta
 2 > desk
config_device> 2

Configuration complete.
Options:
- type: cloud
- password: *** ENCRYPTED ***
- configVersion: 1
- token: XXX
- device: desk
Keep this "c" remote?
`)
  })

  test('edits a remote, Enter keeping what it has, a password too', async () => {
    await write(section('old', 'client_id = me', `password = KcwFKST5iwWy8M5RtLEoSzA`))
    const { terminal, text } = scriptedTerminal(['e', 'c', '', '', '', '', 'good', '', 'd', 'q'])
    await runMainMenu({ ...(await deps()), terminal })
    expect(text()).toContain('Press Enter for the default (me).')
    expect(text()).toContain('n) No, keep existing (default)')
    expect(await saved()).toBe('')
  })

  test('makes up a password of the strength that is wanted', async () => {
    const { terminal, text } = scriptedTerminal([
      'n',
      'c',
      'cloud',
      '',
      'g',
      '32',
      '128',
      'y',
      'n',
      '',
      'good',
      '',
      'y',
      'q',
    ])
    await runMainMenu({ ...(await deps()), terminal })
    const shown = /Your password is: (\S{22})\n/.exec(text())?.[1]
    expect(reveal(/^password = (.*)$/m.exec(await saved())?.[1] ?? '')).toBe(shown)
  })

  test('does not let two remotes have one login', async () => {
    await write(section('old', 'device = desk'))
    const { terminal, text } = scriptedTerminal(['c', 'c', 'two', 'q'])
    await runMainMenu({ ...(await deps()), terminal })
    expect(await saved()).toBe(
      `${section('old', 'device = desk')}[two]\ntype = cloud\nconfigVersion = 1\ndevice = desk\n\n`,
    )
    expect(text()).toContain('"fjord config reconnect two:" makes one')
  })

  test('leaves a remote alone whose type there is not', async () => {
    await write('[d]\ntype = drive\nscope = x\n\n')
    const { terminal, text } = scriptedTerminal(['e', 'd', 'q'])
    await runMainMenu({ ...(await deps()), terminal })
    expect(text()).toContain('Its type "drive" is none that fjord has: it stays as it is.')
    expect(await saved()).toBe('[d]\ntype = drive\nscope = x\n\n')
  })
})
