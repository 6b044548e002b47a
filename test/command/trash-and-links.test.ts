import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from './fjord.ts'
import { createAccount } from './fjord.ts'

let account: Account

beforeAll(async () => {
  account = await createAccount()
  mkdirSync(join(account.home, 'src'))
  for (const name of ['kept', 'trashed', 'other']) writeFileSync(join(account.home, 'src', name), name)
  await account.run('copy', 'src', 'jotta:dir')
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

test('link prints where the content is served, and takes it away again', async () => {
  const made = await account.run('link', 'jotta:dir/kept')
  expect(made).toMatchObject({ status: 0, stderr: '' })
  const link = made.stdout.trim()
  expect(await (await fetch(link)).text()).toBe('kept')
  expect(await account.run('link', '--unlink', 'jotta:dir/kept')).toEqual({ status: 0, stdout: '', stderr: '' })
  expect((await fetch(link)).status).toBe(404)
})

test('link says what it cannot do', async () => {
  const expiring = await account.run('link', '--expire', '1d', 'jotta:dir/kept')
  expect(expiring.status).toBe(1)
  expect(expiring.stderr).toContain('none can expire')
  expect((await account.run('link', 'jotta:dir/nothing')).status).toBe(4)
  const local = await account.run('link', 'src/kept')
  expect(local).toMatchObject({ status: 1, stderr: expect.stringContaining("doesn't support public links") })
  const dry = await account.run('link', '-n', 'jotta:dir/kept')
  expect(dry).toMatchObject({ status: 0, stdout: '' })
})

test('delete with hard_delete removes what trashed_only shows; cleanup removes the rest', async () => {
  writeFileSync(join(account.home, 'list'), 'trashed\n')
  await account.run('purge', 'jotta:dir')
  await account.run('copy', 'src/kept', 'jotta:dir')
  const trash = 'jotta,trashed_only:dir'
  expect((await account.run('lsf', trash)).stdout).toBe('other\ntrashed\n')
  const refused = await account.run('delete', '--retries', '1', trash)
  expect(refused).toMatchObject({ status: 6, stderr: expect.stringContaining('trashed_only') })
  expect((await account.run('purge', '--retries', '1', 'jotta,trashed_only,hard_delete:dir')).status).toBe(6)
  expect((await account.run('delete', 'jotta,trashed_only,hard_delete:dir/other')).status).toBe(0)
  expect((await account.run('lsf', trash)).stdout).toBe('trashed\n')
  expect(await account.run('cleanup', 'jotta:')).toEqual({ status: 0, stdout: '', stderr: '' })
  expect((await account.run('lsf', trash)).stdout).toBe('')
  expect((await account.run('lsf', 'jotta:dir')).stdout).toBe('kept\n')
})

test('what is in the trash is copied back, in place or elsewhere, and nothing is sent', async () => {
  await account.run('copy', 'src', 'jotta:lost')
  await account.run('delete', 'jotta:lost')
  account.emulator.counters.reset()
  expect(await account.run('copy', 'jotta,trashed_only:lost', 'jotta:found')).toMatchObject({ status: 0, stderr: '' })
  expect(await account.run('copyto', 'jotta,trashed_only:lost/kept', 'jotta:found/again')).toMatchObject({ status: 0 })
  expect((await account.run('lsf', 'jotta:found')).stdout).toBe('again\nkept\nother\ntrashed\n')
  expect(await account.run('copy', 'jotta,trashed_only:lost', 'jotta:lost')).toMatchObject({ status: 0, stderr: '' })
  expect((await account.run('lsf', 'jotta:lost')).stdout).toBe('kept\nother\ntrashed\n')
  expect((await account.run('lsf', 'jotta,trashed_only:lost')).stdout).toBe('')
  expect(account.emulator.counters.of('upload').requests + account.emulator.counters.of('download').requests).toBe(0)
})

test('cleanup of what has no trash says so', async () => {
  const local = await account.run('cleanup', '--retries', '1', 'src')
  expect(local).toMatchObject({ status: 1, stderr: expect.stringContaining("doesn't support cleanup") })
})

test('an encoding is chosen by rclone’s names', async () => {
  const old = 'Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,Del,Ctl,InvalidUtf8,Dot'
  writeFileSync(join(account.home, '50% off'), 'x')
  const options = ['--jottacloud-encoding', old]
  expect((await account.run('copy', '50% off', 'jotta:encoded', ...options)).status).toBe(0)
  expect((await account.run('lsf', 'jotta,encoding=None:encoded')).stdout).toBe('50% off\n')
  expect((await account.run('copy', '50% off', 'jotta:encoded')).status).toBe(0)
  expect((await account.run('lsf', 'jotta,encoding=None:encoded')).stdout).toBe('50% off\n')
  const bad = await account.run('lsf', 'jotta:', '--jottacloud-encoding', 'Nope')
  expect(bad.stderr).toContain('bad encoding "Nope"')
})
