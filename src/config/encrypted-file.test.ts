import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Logger } from '../core/context.ts'
import { type ConfigFile, loadConfig } from './file.ts'
import { setKeys } from './ini.ts'
import { passwordOf } from './password-command.ts'
import { createUnlock, type Unlock } from './unlock.ts'

const plain = '[a]\ntype = local\n\n'
let dir = ''
let path = ''
let logged: string[] = []
const log: Logger = { log: ({ level, text }) => void logged.push(`${level}: ${text}`), enabled: () => true }
const wrong = "ERROR: Couldn't decrypt configuration, most likely wrong password."

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'encrypted-'))
  path = join(dir, 'rclone.conf')
  logged = []
  await writeFile(path, plain)
})
afterEach(() => rm(dir, { recursive: true }))

const text = (): Promise<string> => readFile(path, 'utf8')
const load = (unlock?: Unlock): Promise<ConfigFile> => loadConfig(path, { log, stateDir: dir, unlock })
const signal = new AbortController().signal
const never = (): Promise<string> => Promise.reject(new Error('asked'))

/** Asks, and gets these answers. */
function answering(...answers: string[]): Unlock {
  const ask = (): Promise<string> => Promise.resolve(answers.shift() ?? '')
  return createUnlock({ command: [], environment: {}, configPath: path, ask, log, signal })
}

describe('an encrypted config file', () => {
  test('stays encrypted when it is saved, with the password it had', async () => {
    await (await load()).encrypt('one')
    expect(await text()).toMatch(/^# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\n[\w+/=]+$/)
    await (await load(answering('one'))).edit((ini) => setKeys(ini, 'b', { type: 'alias' }))
    expect(await text()).not.toContain('alias')
    const again = await load(answering('one'))
    expect(again.names()).toEqual(['a', 'b'])
    expect(again.encrypted).toBe(true)
  })

  test('becomes plain again, or gets another password', async () => {
    await (await load()).encrypt('one')
    await (await load(answering('one'))).encrypt('two')
    const file = await load(answering('one', 'two'))
    expect(logged).toEqual([wrong])
    await file.encrypt(undefined)
    expect(await text()).toBe(plain)
    expect(file.encrypted).toBe(false)
  })

  test('that another program encrypts, or gives another password, is read again', async () => {
    const mine = await load(answering('one', 'two'))
    const other = await load(answering('one', 'two'))
    await other.encrypt('one')
    await mine.edit((ini) => setKeys(ini, 'b', { type: 'local' }))
    expect(await text()).toContain('RCLONE_ENCRYPT_V0')
    await other.encrypt('two')
    await mine.refresh()
    expect(mine.names()).toEqual(['a', 'b'])
    await other.encrypt(undefined)
    await mine.edit((ini) => setKeys(ini, 'c', { type: 'local' }))
    expect(await text()).toContain('[c]')
    expect(logged).toEqual([])
  })

  test('is not touched where its password is not known', async () => {
    await (await load()).encrypt('one')
    const before = await text()
    await expect(load()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('it is encrypted') })
    const environment = { RCLONE_CONFIG_PASS: 'bad' }
    const unlock = createUnlock({ command: [], environment, configPath: path, ask: undefined, log, signal })
    await expect(load(unlock)).rejects.toThrow(
      `Failed to load config file "${path}": using RCLONE_CONFIG_PASS env password, unable to decrypt configuration`,
    )
    expect(await text()).toBe(before)
  })

  test('refuses a password that cannot be one, and stays as it was', async () => {
    await expect((await load()).encrypt(' ')).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(await text()).toBe(plain)
  })
})

describe('the password of a config', () => {
  const environment = { RCLONE_CONFIG_PASS: 'env', PATH: process.env['PATH'] }
  /** @returns what was tried and what came of it */
  async function attempt(command: readonly string[], right: string, env = environment) {
    const tried: string[] = []
    const unlock = createUnlock({ command, environment: env, configPath: path, ask: never, log, signal })
    const failure = await unlock((password) => Promise.resolve(tried.push(password) > 0 && password === right))
    return { tried, failure }
  }

  test('comes from the command, else from the environment, else it is asked for', async () => {
    expect(await attempt(['printf', String.raw`cmd\n\r\n`], 'cmd')).toEqual({ tried: ['cmd'], failure: undefined })
    expect(await attempt([], 'env')).toEqual({ tried: ['env'], failure: undefined })
    await expect(attempt([], '', { ...environment, RCLONE_CONFIG_PASS: '' })).rejects.toThrow('asked')
  })

  test('is made by a command that knows where the config is', async () => {
    const command = ['sh', '-c', 'echo "$RCLONE_CONFIG_DIR $RCLONE_PASSWORD_CHANGE"']
    expect((await attempt(command, '')).tried).toEqual([`${dir} `])
    const options = { environment, configPath: path, log, signal, change: true }
    expect(await passwordOf(command, options)).toEqual({ password: `${dir} 1` })
  })

  test('is not looked for elsewhere when one place has a wrong one', async () => {
    expect(await attempt(['echo', 'cmd'], 'env')).toEqual({
      tried: ['cmd'],
      failure: 'using --password-command derived password, unable to decrypt configuration',
    })
  })

  test.each([
    [['false'], 'password command failed: exit status 1'],
    [['echo'], '--password-command returned empty string'],
    [['nosuchprogram'], 'password command failed: exec: "nosuchprogram": executable file not found in $PATH'],
    [['sh', '-c', 'kill -9 $$'], 'password command failed: signal: SIGKILL'],
  ])('is not had from %j', async (command, failure) => {
    expect(await attempt(command, 'x')).toEqual({ tried: [], failure })
  })

  test('is not asked for where that is not allowed', async () => {
    const unlock = createUnlock({ command: [], environment: {}, configPath: path, ask: undefined, log, signal })
    expect(await unlock(() => Promise.resolve(true))).toContain(
      'not allowed to ask for password - set RCLONE_CONFIG_PASS',
    )
  })
})
