import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { md5, signIn, type Answer, type SignedIn } from './signed-in.ts'

let account: SignedIn

beforeEach(async () => {
  account = await signIn()
})

afterEach(() => account.emulator.close())

async function send(path: string, fields: Record<string, string>, content?: string): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (content !== undefined) form.set('file', new Blob([content]), 'any name')
  const request = new Request('http://localhost', { method: 'POST', body: form })
  const type = request.headers.get('content-type') ?? ''
  return account.post(path, { 'Content-Type': type }, await request.text())
}

describe('a form with a file', () => {
  test('makes the file, with its times', async () => {
    const fields = { md5: md5('hello'), modified: '2020-01-02-T03:04:05Z', created: '2019-01-01-T00:00:00Z' }
    const answer = await send('/Jotta/Archive/dir/a', fields, 'hello')
    expect(answer.status).toBe(201)
    expect(answer.text).toContain('<state>COMPLETED</state>')
    expect(answer.text).toContain('<modified>2020-01-02-T03:04:05Z</modified>')
    expect((await account.read('/Jotta/Archive/dir/a')).text).toBe('hello')
  })

  test('of the wrong MD5 leaves a corrupt revision', async () => {
    const answer = await send('/Jotta/Archive/a', { md5: md5('other') }, 'hello')
    expect([answer.status, answer.text.includes('<state>CORRUPT</state>')]).toEqual([201, true])
    expect((await account.read('/Jotta/Archive/a')).status).toBe(404)
  })

  test('that lacks the MD5, the file or all sense is refused', async () => {
    expect((await send('/Jotta/Archive/a', {}, 'hello')).text).toContain('Upload without md5 no longer supported')
    expect((await send('/Jotta/Archive/a', { md5: md5('hello') })).status).toBe(400)
    const type = { 'Content-Type': 'multipart/form-data; boundary=x' }
    expect((await account.post('/Jotta/Archive/a', type, 'nonsense')).status).toBe(400)
  })
})
