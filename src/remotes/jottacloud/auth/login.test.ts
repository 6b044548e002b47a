import { describe, expect, test } from 'vitest'
import { emulatedJottacloud, testEnv } from '../../../../test/support/emulated-jottacloud.ts'
import { resolveOptions } from '../../../options/resolve.ts'
import { jottacloudOptions } from '../options.ts'
import { decodeLoginToken } from './login-token.ts'
import { login } from './login.ts'

const fields = {
  username: 'u0123456789abcdef01234567',
  realm: 'jottacloud',
  well_known_link: 'https://id.example.com/realms/j/.well-known/openid-configuration',
  auth_token: 'once-only~secret',
}
const values = resolveOptions(jottacloudOptions, [])
const pasted = Buffer.from(JSON.stringify(fields)).toString('base64url')

describe('a personal login token', () => {
  test('may have white space, padding, the other alphabet and the other spelling', () => {
    const other = { ...fields, well_known_link: undefined, wellKnownLink: fields.well_known_link, x: '¿¿>>??' }
    const standard = Buffer.from(JSON.stringify(other)).toString('base64')
    expect(standard).toMatch(/[+/]/)
    for (const text of [
      pasted,
      ` ${pasted.slice(0, 40)}\n ${pasted.slice(40)}==\r\n`,
      standard,
      ` "${pasted}"\n`,
      `'${pasted}'`,
    ]) {
      expect(decodeLoginToken(text)).toEqual({
        username: fields.username,
        wellKnownUrl: fields.well_known_link,
        secret: fields.auth_token,
      })
    }
  })

  test.each([
    ['nothing', ' \n', 'empty'],
    ['half of one', pasted.slice(0, 60), 'a part of it may be missing'],
    ['plain text', 'once-only~secret', 'characters'],
    ['one without a secret', encode({ ...fields, auth_token: undefined }), 'no auth_token'],
    ['one without anything', encode({}), 'no username, no well_known_link, no auth_token'],
    ['one that leads to plain http', encode({ ...fields, well_known_link: 'http://example.com/' }), 'https://'],
    ['a list', encode([fields]), 'a part of it may be missing'],
  ])('is not %s, and what was pasted is not shown', (_, text, why) => {
    const error = thrownBy(() => decodeLoginToken(text))
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(why) })
    expect(String(error)).not.toContain('once-only')
    expect(error).not.toHaveProperty('cause')
  })

  test('may lead to plain http on this machine', () => {
    const link = 'http://127.0.0.1:8080/x'
    expect(decodeLoginToken(encode({ ...fields, well_known_link: link })).wellKnownUrl).toBe(link)
  })
})

describe('a login', () => {
  test('gives a token and what rclone stores with it', async () => {
    await using account = await emulatedJottacloud()
    const token = account.emulator.createLoginToken()
    const result = await login({ config_type: 'standard', config_login_token: token }, values, testEnv())
    expect(result?.keys).toEqual({
      configVersion: '1',
      client_id: 'jottacli',
      client_secret: '',
      tokenURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*\/token$/),
      token: expect.stringContaining('"access_token"'),
      device: '',
      mountpoint: '',
    })
    expect(result?.token).toMatchObject({
      tokenType: 'Bearer',
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
    })
    await expect(login({ config_login_token: token }, values, testEnv())).rejects.toMatchObject({
      code: 'auth',
      details: { hint: expect.stringContaining('https://www.jottacloud.com/web/secure') },
    })
  })

  test('is not made where none is asked for', async () => {
    expect(await login({}, values, testEnv())).toBeUndefined()
  })

  test('of an unknown kind is refused, and one without a token', async () => {
    await expect(login({ config_type: 'nonsense' }, values, testEnv())).rejects.toMatchObject({
      code: 'usage',
      message:
        'unknown state "nonsense": config_type is one of standard, legacy, telia, telia_se, telia_no, tele2, onlime, traditional',
    })
    await expect(login({ config_type: 'standard' }, values, testEnv())).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('config_login_token'),
    })
  })

  test('keeps a device and mountpoint that are given', async () => {
    await using account = await emulatedJottacloud()
    const answers = { config_login_token: account.emulator.createLoginToken(), device: 'laptop', mountpoint: 'Photos' }
    const result = await login(answers, values, testEnv())
    expect(result?.keys).not.toHaveProperty('device')
    expect(result?.keys).not.toHaveProperty('mountpoint')
  })

  test('asks the address of token_url, not the one that the service names', async () => {
    await using account = await emulatedJottacloud()
    const answers = { config_login_token: account.emulator.createLoginToken() }
    const tokenUrl = 'http://127.0.0.1:1/token'
    await expect(login(answers, { ...values, tokenUrl }, testEnv())).rejects.toMatchObject({ code: 'network' })
  })

  test('with a wrong password is tried once where nobody is asked', async () => {
    await using account = await emulatedJottacloud()
    const answers = { config_type: 'legacy', config_username: 'someone@example.com', config_password: 'wrong' }
    const legacy = login(answers, { ...values, apiUrl: account.urls.apiUrl }, testEnv())
    await expect(legacy).rejects.toMatchObject({ code: 'auth' })
    expect(account.emulator.counters.of('legacyToken').requests).toBe(1)
  })
})

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function thrownBy(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}
