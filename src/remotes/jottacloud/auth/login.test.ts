import { describe, expect, test } from 'vitest'
import { emulatedJottacloud, testEnv } from '../../../../test/support/emulated-jottacloud.ts'
import { decodeLoginToken } from './login-token.ts'
import { login } from './login.ts'

const fields = {
  username: 'u0123456789abcdef01234567',
  realm: 'jottacloud',
  well_known_link: 'https://id.example.com/realms/j/.well-known/openid-configuration',
  auth_token: 'once-only~secret',
}
const pasted = Buffer.from(JSON.stringify(fields)).toString('base64url')

describe('a personal login token', () => {
  test('may have white space, padding, the other alphabet and the other spelling', () => {
    const other = { ...fields, well_known_link: undefined, wellKnownLink: fields.well_known_link, x: '¿¿>>??' }
    const standard = Buffer.from(JSON.stringify(other)).toString('base64')
    expect(standard).toMatch(/[+/]/)
    for (const text of [pasted, ` ${pasted.slice(0, 40)}\n ${pasted.slice(40)}==\r\n`, standard]) {
      expect(decodeLoginToken(text)).toEqual({
        username: fields.username,
        wellKnownUrl: fields.well_known_link,
        secret: fields.auth_token,
      })
    }
  })

  test.each([
    ['nothing', ''],
    ['half of one', pasted.slice(0, 60)],
    ['plain text', 'once-only~secret'],
    ['one without a secret', encode({ ...fields, auth_token: undefined })],
    ['one that leads to plain http', encode({ ...fields, well_known_link: 'http://example.com/' })],
    ['a list', encode([fields])],
  ])('is not %s, and what was pasted is not shown', (_, text) => {
    const error = thrownBy(() => decodeLoginToken(text))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(String(error)).not.toContain('once-only')
    expect(error).not.toHaveProperty('cause')
  })
})

describe('a login', () => {
  test('gives a token and what rclone stores with it', async () => {
    await using account = await emulatedJottacloud()
    const token = account.emulator.createLoginToken()
    const result = await login({ config_type: 'standard', config_login_token: token }, testEnv())
    expect(result?.keys).toEqual({
      configVersion: '1',
      client_id: 'jottacli',
      client_secret: '',
      tokenURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*\/token$/),
    })
    expect(result?.token).toMatchObject({
      tokenType: 'Bearer',
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
    })
    await expect(login({ config_login_token: token }, testEnv())).rejects.toMatchObject({
      code: 'auth',
      details: { hint: expect.stringContaining('https://www.jottacloud.com/web/secure') },
    })
  })

  test('is not made where none is asked for', async () => {
    expect(await login({}, testEnv())).toBeUndefined()
  })

  test('of another kind is refused, and one without a token', async () => {
    await expect(login({ config_type: 'legacy' }, testEnv())).rejects.toMatchObject({ code: 'unsupported' })
    const answers = { config_login_token: pasted, config_non_standard: 'true' }
    await expect(login(answers, testEnv())).rejects.toMatchObject({ code: 'unsupported' })
    await expect(login({ config_type: 'standard' }, testEnv())).rejects.toMatchObject({ code: 'invalid-argument' })
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
