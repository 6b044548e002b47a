import { describe, expect, test } from 'vitest'
import { redact, redactHeader } from './redact.ts'

describe('redact hides', () => {
  test.each([
    ['{"access_token":"s3cret","token_type":"Bearer"}', '{"access_token":"XXXX","token_type":"Bearer"}'],
    [String.raw`{"refresh_token": "a\"b", "x":1}`, '{"refresh_token": "XXXX", "x":1}'],
    [
      '{"loginToken":"a","auth_token":"b","password":"c"}',
      '{"loginToken":"XXXX","auth_token":"XXXX","password":"XXXX"}',
    ],
    [
      'client_id=jottacli&grant_type=password&password=p%20q&username=u',
      'client_id=jottacli&grant_type=password&password=XXXX&username=u',
    ],
    ['https://h/x?auth_token=abc&mode=list', 'https://h/x?auth_token=XXXX&mode=list'],
    ['code=4/abc&client_secret=zzz', 'code=XXXX&client_secret=XXXX'],
    ['Authorization: Bearer abcDEF123', 'Authorization: Bearer XXXX'],
    ['Basic am90dGFjbGk6', 'Basic XXXX'],
    ['https://up/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig-_A/x', 'https://up/XXXX/x'],
    ['http://user:pw@proxy:3128/', 'http://XXXX@proxy:3128/'],
  ])('%s', (text, shown) => expect(redact(text)).toBe(shown))
})

describe('redact keeps', () => {
  test.each([
    'GET https://jfs.jottacloud.com/jfs/u/Jotta/Archive/tokens?mode=list',
    'the bearer tokens and basic authentication',
    '{"code":404,"message":"no such file"}',
    'a@b.no and md5 5d41402abc4b2a76b9719d911017c592',
  ])('%s', (text) => expect(redact(text)).toBe(text))
})

test('a long body is done with in no time', () => {
  const before = performance.now()
  for (const piece of ['a.', 'eyJ-']) redact(piece.repeat(60_000))
  expect(performance.now() - before).toBeLessThan(3000)
})

test('headers of credentials are hidden whole', () => {
  expect(redactHeader('Authorization', 'anything')).toBe('XXXX')
  expect(redactHeader('SET-COOKIE', 'a=b')).toBe('XXXX')
  expect(redactHeader('X-Jottacloud-Otp', '123456')).toBe('XXXX')
  expect(redactHeader('Location', 'https://h/?code=abc')).toBe('https://h/?code=XXXX')
  expect(redactHeader('ETag', 'abc')).toBe('abc')
})
