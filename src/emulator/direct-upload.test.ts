import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { md5, signIn, type SignedIn } from './signed-in.ts'

const now = Date.UTC(2026, 2, 4, 5, 6, 7)
let account: SignedIn

beforeEach(async () => {
  account = await signIn({ now: () => now })
})

afterEach(() => account.emulator.close())

function headers(content: string): Record<string, string> {
  return {
    JSize: String(content.length),
    JMd5: md5(content),
    JModified: '2020-01-01-T13:00:00+0100',
    'Content-Type': 'application/octet-stream',
  }
}

describe('direct upload', () => {
  test('stores a file in one request', async () => {
    const answer = await account.post('/Jotta/Archive/x/a.txt?umode=nomultipart', headers('hello'), 'hello')
    expect(answer.status).toBe(201)
    expect(answer.text).toContain('<state>COMPLETED</state>')
    expect(answer.text).toContain('<modified>2020-01-01-T12:00:00Z</modified>')
  })

  test('answers 201 for a part and for wrong bytes, and goes on with the rest', async () => {
    const url = '/Jotta/Archive/a.txt?umode=nomultipart'
    expect((await account.post(url, headers('hello'), 'hel')).text).toContain('<state>INCOMPLETE</state>')
    expect((await account.post(url, headers('hello'), 'lo')).text).toContain('<state>COMPLETED</state>')
    const wrong = await account.post(url, headers('other'), 'xxxxx')
    expect(wrong.status).toBe(201)
    expect(wrong.text).toContain('<state>CORRUPT</state>')
  })

  test('needs the MD5', async () => {
    const answer = await account.post('/Jotta/Archive/a.txt?umode=nomultipart', { JSize: '5' }, 'hello')
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('<message>Upload without md5 no longer supported. Use header JMd5.</message>')
  })
})
