import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { converse, type Reply, type Talk } from '../../../../test/support/converse.ts'
import {
  type EmulatedJottacloud,
  emulatedJottacloud,
  quickHttp,
  testEnv,
} from '../../../../test/support/emulated-jottacloud.ts'
import type { EmulatorOptions } from '../../../emulator/index.ts'
import { reveal } from '../../../options/obscure.ts'
import { resolveOptions } from '../../../options/resolve.ts'
import { jottacloudOptions } from '../options.ts'
import { createConversation } from './conversation.ts'

let account: EmulatedJottacloud

beforeEach(async () => {
  account = await emulatedJottacloud()
})
afterEach(() => account[Symbol.asyncDispose]())

async function begin(options: EmulatorOptions): Promise<void> {
  await account[Symbol.asyncDispose]()
  account = await emulatedJottacloud(options)
}

function talk(
  replies: Readonly<Record<string, Reply | readonly Reply[]>>,
  keys?: Record<string, string>,
): Promise<Talk> {
  const values = { ...resolveOptions(jottacloudOptions, []), ...account.urls }
  return converse(createConversation(testEnv({ http: quickHttp }), values), replies, keys)
}

const namesOf = ({ questions }: Talk): string[] => questions.map(({ name }) => name)
const examplesOf = ({ questions }: Talk, name: string): string[] | undefined =>
  questions.find((question) => question.name === name)?.examples?.map(({ value }) => value)
const place = (replies: Record<string, Reply | readonly Reply[]>): Promise<Talk> =>
  talk({ ...standard(), config_non_standard: 'true', ...replies })
const standard = () => ({ config_login_token: account.emulator.createLoginToken() })

describe('setting up', () => {
  test('asks how to log in, the types in their order, and takes the standard one by default', async () => {
    const done = await talk(standard())
    expect(namesOf(done)).toEqual(['config_type', 'config_login_token', 'config_non_standard'])
    const types = ['standard', 'legacy', 'telia', 'tele2', 'onlime', 'telia_no', 'traditional']
    expect(examplesOf(done, 'config_type')).toEqual(types)
    expect(Object.keys(done.keys)).toEqual([
      'configVersion',
      'client_id',
      'client_secret',
      'tokenURL',
      'token',
      'device',
      'mountpoint',
    ])
    expect(done.keys).toMatchObject({ configVersion: '1', client_id: 'jottacli', device: '', mountpoint: '' })
  })

  test('leaves the section alone where the login fails', async () => {
    const before = { token: 'old', client_id: 'desktop', configVersion: '1' }
    const keys = { ...before }
    const token = account.emulator.createLoginToken()
    await talk({ config_login_token: token })
    await expect(talk({ config_login_token: token }, keys)).rejects.toMatchObject({ code: 'auth' })
    expect(keys).toEqual(before)
  })

  test('a standard login empties what a legacy one has left', async () => {
    const done = await talk(standard(), { configVersion: '0', username: 'someone@example.com', client_secret: 'x' })
    expect(done.keys).toMatchObject({ configVersion: '1', username: '', client_secret: '', client_id: 'jottacli' })
  })
})

describe('device and mountpoint', () => {
  test('Jotta comes first, and with its Archive is the default', async () => {
    account.emulator.seed([{ path: 'Archive/a', content: 'a' }])
    await place({ config_device: 'DESKTOP-3H31129', config_mountpoint: 'Documents' })
    const done = await place({})
    expect(examplesOf(done, 'config_device')).toEqual(['Jotta', 'DESKTOP-3H31129'])
    expect(examplesOf(done, 'config_mountpoint')).toEqual(
      expect.arrayContaining(['Archive', 'Sync', 'Latest', 'Shared']),
    )
    expect(done.keys).toMatchObject({ device: 'Jotta', mountpoint: 'Archive' })
  })

  test('new ones are made, with blanks in their names', async () => {
    const made = await place({ config_device: 'laptop two', config_mountpoint: 'Photos 2026' })
    expect(made.keys).toMatchObject({ device: 'laptop two', mountpoint: 'Photos 2026' })
    expect(made.questions.at(-1)).toMatchObject({ option: { default: '', required: true }, examples: [] })
    const again = await place({ config_device: 'laptop two' })
    expect(again.keys).toMatchObject({ device: 'laptop two', mountpoint: 'Photos 2026' })
    expect(account.emulator.counters.of('createDevice').requests).toBe(1)
    expect(account.emulator.counters.of('createMountpoint').requests).toBe(1)
  })

  test('the stored spelling wins over the typed case', async () => {
    await place({ config_device: 'Laptop', config_mountpoint: 'Photos' })
    const done = await place({ config_device: 'lapTOP', config_mountpoint: 'PHOTOS' })
    expect(done.keys).toMatchObject({ device: 'Laptop', mountpoint: 'Photos' })
    expect((await place({ config_device: 'jotta', config_mountpoint: 'sync' })).keys).toMatchObject({
      device: 'Jotta',
      mountpoint: 'Sync',
    })
  })

  test.each(['Trash', 'Links', 'Latest'])('%s is taken when typed, though it may not be listed', async (name) => {
    const done = await place({ config_device: 'Jotta', config_mountpoint: name.toLowerCase() })
    expect(done.keys).toMatchObject({ device: 'Jotta', mountpoint: name })
  })

  test('on Jotta one that does not exist is asked for again, and not made', async () => {
    const done = await place({ config_mountpoint: ['Photos', 'Sync'] })
    expect(done.errors).toEqual(['The device Jotta has no mountpoint "Photos"'])
    expect(done.keys).toMatchObject({ mountpoint: 'Sync' })
    expect(account.emulator.counters.of('createMountpoint').requests).toBe(0)
    const wrong = place({ config_mountpoint: ['Photos', 'Photos', 'Photos', 'Sync'] })
    await expect(wrong).rejects.toMatchObject({ code: 'not-found' })
  })

  test.each([
    ['device', { config_device: 'a/b' }],
    ['device', { config_device: '..' }],
    ['mountpoint', { config_device: 'Laptop', config_mountpoint: 'a/b' }],
    ['mountpoint', { config_device: 'Laptop', config_mountpoint: '.' }],
  ])('a %s is not made of what would lead elsewhere: %j', async (kind, replies) => {
    await expect(place(replies)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(`cannot be the name of a ${kind}`),
    })
    const { createDevice, createMountpoint } = account.emulator.counters.all()
    expect([createDevice?.requests ?? 0, createMountpoint?.requests ?? 0]).toEqual([kind === 'device' ? 0 : 1, 0])
  })

  test('one that the service refuses is named', async () => {
    const refused = place({ config_device: 'x'.repeat(300) })
    await expect(refused).rejects.toThrow(`make device jottacloud:${'x'.repeat(300)}: the service answered 400`)
  })

  test('a deleted mountpoint is not offered', async () => {
    await place({ config_device: 'Laptop', config_mountpoint: 'Photos' })
    await place({ config_device: 'Laptop', config_mountpoint: 'Music' })
    const { accessToken } = await account.tokens.read()
    const url = `${account.urls.jfsUrl}${account.emulator.username}/Laptop/Photos?dlDir=true`
    const headers = { authorization: `Bearer ${accessToken}` }
    expect((await fetch(url, { method: 'POST', headers })).status).toBe(200)
    const done = await place({ config_device: 'Laptop' })
    expect(examplesOf(done, 'config_mountpoint')).toEqual(['Music'])
  })
})

describe('a legacy login', () => {
  const person = { config_type: 'legacy', config_username: 'someone@example.com', config_password: 'emulated-password' }

  test('takes user name and password, and keeps no password', async () => {
    const done = await talk(person)
    expect(namesOf(done)).toEqual([
      'config_type',
      'config_machine_specific',
      'config_username',
      'config_password',
      'config_non_standard',
    ])
    expect(Object.keys(done.keys)).toEqual([
      'configVersion',
      'username',
      'password',
      'auth_code',
      'token',
      'device',
      'mountpoint',
    ])
    expect(done.keys).toMatchObject({
      configVersion: '0',
      username: 'someone@example.com',
      password: '',
      auth_code: '',
    })
  })

  test('registers this machine where that is wished, its secret obscured', async () => {
    const done = await talk({ ...person, config_machine_specific: 'true' })
    expect(done.keys['client_id']).toMatch(/^\w{20,}$/)
    expect(reveal(done.keys['client_secret'] ?? '')).toMatch(/^\w{20,}$/)
    expect(account.emulator.counters.of('legacyRegister').requests).toBe(1)
  })

  test('asks for the code of the SMS, and again where it is wrong', async () => {
    await begin({ credentials: { otp: '123456' } })
    const done = await talk({ ...person, config_auth_code: ['999-999', '123-456'] })
    expect(namesOf(done).filter((name) => name === 'config_auth_code')).toHaveLength(2)
    expect(done.errors).toEqual(['The code is wrong or too old'])
    expect(done.keys).toMatchObject({ configVersion: '0', auth_code: '', password: '' })
  })

  test('asks again for a wrong password, three times in all', async () => {
    const done = await talk({ ...person, config_password: ['wrong', 'emulated-password'] })
    expect(done.errors).toEqual([expect.stringContaining('refused')])
    expect(done.errors.join()).not.toContain('wrong')
    const failed = talk({ ...person, config_password: ['wrong', 'wrong', 'wrong', 'emulated-password'] })
    await expect(failed).rejects.toMatchObject({ code: 'auth' })
  })

  test('chooses a device like any other', async () => {
    const done = await talk({
      ...person,
      config_non_standard: 'true',
      config_device: 'Laptop',
      config_mountpoint: 'Music',
    })
    expect(done.keys).toMatchObject({ device: 'Laptop', mountpoint: 'Music' })
  })

  test('does not take the client that another way of logging in has left', async () => {
    const done = await talk(person, {
      configVersion: '1',
      client_id: 'jottacli',
      client_secret: '',
      tokenURL: 'https://x',
    })
    expect(done.keys).toMatchObject({ configVersion: '0', client_id: '', tokenURL: '' })
  })
})
