import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Account } from './fjord.ts'
import { createAccount } from './fjord.ts'

/** Two spellings of one name, and what makes the service take them for one. */
const pairs = [
  ['Unicode form', 'caf\u00e9', 'cafe\u0301', { normalisation: 'compared' }],
  ['other alphabet', 'stra\u00dfe', 'STRASSE', { caseFolding: 'unicode-full' }],
] as const

let account: Account

beforeAll(async () => {
  account = await createAccount()
  mkdirSync(join(account.home, 'src', 'sub'), { recursive: true })
  for (const name of ['a', 'sub/b']) writeFileSync(join(account.home, 'src', name), name)
})
afterAll(async () => {
  await account[Symbol.asyncDispose]()
})

async function tree(path: string): Promise<string> {
  return (await account.run('lsf', '-R', path)).stdout
}

describe.each(pairs)('%s', (_, one, other, dialect) => {
  beforeEach(async () => {
    for (const path of [one, other]) await account.run('purge', '-q', '--retries', '1', `jotta:${path}`)
    await account.run('cleanup', 'jotta:')
    await account.run('copy', 'src', `jotta:${one}`)
  })

  test('one directory under two spellings loses nothing in a move or sync', async () => {
    account.emulator.dialect.set(dialect)
    try {
      for (const args of [
        ['move', `jotta:${one}`, `jotta:${other}`, '--include', '*'],
        ['move', `jotta:${one}/a`, `jotta:${other}`],
        ['sync', `jotta:${one}`, `jotta:${other}`],
      ]) {
        expect(await account.run(...args)).toMatchObject({ status: 0 })
        expect(await tree(`jotta:${one}`)).toBe('a\nsub/\nsub/b\n')
      }
      const into = await account.run('sync', '--retries', '1', `jotta:${one}`, `jotta:${other}/sub`)
      expect(into).toMatchObject({ status: 7, stderr: expect.stringContaining('overlapping') })
      expect(await account.run('moveto', `jotta:${one}`, `jotta:${other}`)).toMatchObject({ status: 0 })
      const all = await tree('jotta:')
      expect(all).not.toContain(`${one}/`)
      expect(all).toContain(`${other}/\n${other}/a\n${other}/sub/\n${other}/sub/b\n`)
    } finally {
      await account.run('purge', `jotta:${one}`)
      account.emulator.dialect.set({ normalisation: 'none', caseFolding: 'unicode-simple' })
    }
  })

  test('two directories that look like one move into each other', async () => {
    await account.run('copyto', 'src/a', `jotta:${other}/c`)
    expect(await account.run('moveto', `jotta:${one}`, `jotta:${other}`)).toMatchObject({ status: 0 })
    expect(await tree(`jotta:${one}`)).toBe('sub/\n')
    expect(await tree(`jotta:${other}`)).toBe('a\nc\nsub/\nsub/b\n')
  })
})

test('a directory gets another case', async () => {
  await account.run('copy', 'src', 'jotta:dir')
  expect(await account.run('moveto', 'jotta:dir', 'jotta:Dir')).toMatchObject({ status: 0, stderr: '' })
  expect(await tree('jotta:')).toContain('Dir/\nDir/a\nDir/sub/\n')
})
