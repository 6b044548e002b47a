import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Account } from './fjord.ts'
import { createAccount } from './fjord.ts'

/** Names that are one to a service that folds case fully; nobody knows whether Jottacloud does. */
const contents: Record<string, string> = { straße: 'one', STRASSE: 'the other', other: 'more' }
const names = Object.keys(contents)

let src = ''

/** An account whose service folds so, and a folder with these files. */
async function opened(caseFolding: 'unicode-full' | 'unicode-simple'): Promise<Account> {
  const account = await createAccount()
  account.emulator.dialect.set({ caseFolding })
  src = join(account.home, 'src')
  mkdirSync(src)
  for (const name of names) writeFileSync(join(src, name), contents[name] ?? '')
  return account
}

const here = (name: string) => (existsSync(join(src, name)) ? readFileSync(join(src, name), 'utf8') : undefined)
const there = async (account: Account, name: string) => (await account.run('cat', `jotta:d/${name}`)).stdout

test.each([
  ['move', '', 6],
  ['move', '--jottacloud-no-versions --retries 1', 5],
  ['copy', '--no-traverse', 6],
  ['move', '--no-check-dest', 6],
  ['sync', '--check-first', 6],
])('%s %s of names that the service takes for one overwrites nothing and says so', async (verb, flags, code) => {
  await using account = await opened('unicode-full')
  const ran = await account.run(verb, 'src', 'jotta:d', ...flags.split(' ').filter(Boolean))
  expect(ran.status).toBe(code)
  expect(ran.stderr).toMatch(
    /ERROR : (straße|STRASSE): Left out: the source also has "(straße|STRASSE)", which (is|may be)/,
  )
  const again = await account.run(verb, 'src', 'jotta:d', '--retries', '1')
  expect(again.status).toBe(6)
  for (const name of names) expect([here(name), await there(account, name)]).toContain(contents[name])
  expect((await account.run('ls', 'jotta:d')).stdout.split('\n')).toHaveLength(3)
})

test.each(['move', 'sync'])('%s of names that the service tells apart brings them all', async (verb) => {
  await using account = await opened('unicode-simple')
  expect((await account.run(verb, 'src', 'jotta:d', '-v')).status).toBe(0)
  for (const name of names) expect(await there(account, name)).toBe(contents[name])
  expect(names.filter((name) => here(name) !== undefined)).toEqual(verb === 'move' ? [] : names)
  expect(await account.run('sync', 'jotta:d', 'jotta:e')).toMatchObject({ status: 0 })
  expect(await account.run('check', 'jotta:d', 'jotta:e')).toMatchObject({ status: 0 })
})

test('a file takes the place of one whose name is the same to the service, and that is no other file', async () => {
  await using account = await opened('unicode-full')
  const one = async (...args: readonly string[]) => await account.run(...args, 'src', 'jotta:d')
  expect(await one('copy', '--include', names[0] ?? '')).toMatchObject({ status: 0 })
  expect(await one('sync', '--exclude', names[0] ?? '')).toMatchObject({ status: 0 })
  expect(await there(account, 'STRASSE')).toBe('the other')
  expect((await account.run('ls', 'jotta:d')).stdout.split('\n')).toHaveLength(3)
})
